package dev.holdfast.samples.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.samples.cluster.Ledger.Count;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Somebody with a browser: logs in, fills a cart, searches, pays, logs out, and looks closely. After each answer the page has to show what was done
 * last, whichever node has made it. Runs until it is told to stop.
 */
final class User implements Runnable {

    private static final List<String> PRODUCTS = List.of("tea", "coffee", "cocoa", "sugar", "saffron", "pepper");
    private static final Pattern DATA = Pattern.compile("data-(\\w+)=\"([^\"]*)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REMEMBERED = 30;

    /** What the JDK's client says of an answer that has a first line and not all of its body. */
    private static final String BROKEN_OFF = "bytes received";

    /** What the shop should know of this user; the cart as in {@code coffee:1,tea:2}. */
    private record State(String customer, String cart) {

        static final State GUEST = new State("", "");

        @Override
        public String toString() {
            return (customer.isEmpty() ? "a guest" : customer) + " with " + (cart.isEmpty() ? "nothing" : cart);
        }
    }

    private record Reply(int status, String node, Map<String, String> page, String text) {

        State state() {
            return new State(page.getOrDefault("customer", ""), page.getOrDefault("cart", ""));
        }

        boolean isPage() {
            return page.containsKey("customer");
        }
    }

    private final String name;
    private final URI shop;
    private final HttpClient client;
    private final Ledger ledger;
    private final Random random;
    private final int thinkMillis;
    private volatile boolean stopped;

    private String cookie = "";

    /** One where all is well; more where an answer was cut off. */
    private Set<State> possible = Set.of(State.GUEST);

    private final Deque<State> before = new ArrayDeque<>();

    /**
     * @param thinkMillis between two clicks, on average
     * @param seed of what it does
     */
    User(String name, URI shop, HttpClient client, Ledger ledger, int thinkMillis, long seed) {
        this.name = name;
        this.shop = shop;
        this.client = client;
        this.ledger = ledger;
        this.thinkMillis = thinkMillis;
        this.random = new Random(seed);
    }

    /** Ends after the click that is under way. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                visit();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException broken) {
            ledger.error(name + " broke off: " + broken);
        }
    }

    private void visit() throws InterruptedException {
        logIn();
        for (int round = 0; round < 3 && !stopped; round++) {
            for (int click = 0; click < 6 && !stopped; click++) {
                think();
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> put(PRODUCTS.get(random.nextInt(PRODUCTS.size())), random.nextInt(100));
                    case 3, 4, 5 -> search();
                    default -> look();
                }
            }
            think();
            pay();
        }
        think();
        logOut();
    }

    private void think() throws InterruptedException {
        if (!stopped) {
            Thread.sleep(thinkMillis / 2 + random.nextInt(thinkMillis + 1));
        }
    }

    private void logIn() throws InterruptedException {
        cookie = "";
        become(State.GUEST);
        Reply done = post("/login", Map.of("name", name));
        if (done.status() == 303) {
            ledger.count(Count.SESSIONS);
            become(new State(name, ""));
        } else if (unknown(done)) {
            // Nobody knows it, so it is begun anew.
            return;
        } else {
            unexpected("POST /login", done);
        }
        look();
    }

    private void put(String product, int count) throws InterruptedException {
        Reply done = post("/cart", Map.of("product", product, "count", String.valueOf(count)));
        if (done.status() == 303) {
            become(possible.stream().map(state -> with(state, product, count)).collect(Collectors.toSet()));
        } else if (unknown(done)) {
            Set<State> either = new HashSet<>(possible);
            possible.forEach(state -> either.add(with(state, product, count)));
            become(either);
        } else {
            unexpected("POST /cart", done);
        }
        look();
    }

    private void search() throws InterruptedException {
        Reply found = get("/search?text=" + (random.nextBoolean() ? "black" : "e"));
        if (found.status() == 429) {
            ledger.count(Count.TOO_MANY);
            check("GET /search", found);
        } else if (found.status() == 200) {
            check("GET /search", found);
        } else if (!comeAgain(found) && !brokeOff(found)) {
            unexpected("GET /search", found);
        }
    }

    private Reply look() throws InterruptedException {
        Reply page = get("/");
        if (page.status() == 200) {
            check("GET /", page);
        } else if (!comeAgain(page) && !brokeOff(page)) {
            unexpected("GET /", page);
        }
        return page;
    }

    private void pay() throws InterruptedException {
        Reply page = look();
        String order = page.page().getOrDefault("order", "");
        boolean done = order.isEmpty();
        for (int tries = 0; tries < 3 && !done && !stopped; tries++) {
            Reply answer = post("/pay", Map.of("order", order));
            if (answer.status() == 303) {
                ledger.paid(order, name);
                become(possible.stream()
                        .map(state -> new State(state.customer(), ""))
                        .collect(Collectors.toSet()));
                done = true;
            } else if (answer.status() == 503 && "unpaid".equals(answer.page().get("notice"))) {
                ledger.unpaid(order, answer.node());
                check("POST /pay", answer);
                think();
            } else if (unknown(answer)) {
                ledger.uncertain(order);
                Set<State> either = new HashSet<>(possible);
                possible.forEach(state -> either.add(new State(state.customer(), "")));
                become(either);
            } else {
                unexpected("POST /pay", answer);
                done = true;
            }
            look();
        }
    }

    private void logOut() throws InterruptedException {
        String old = cookie;
        Reply done = post("/logout", Map.of());
        if (done.status() == 303) {
            cookie = old;
            become(State.GUEST);
            Reply page = get("/");
            if (page.status() == 200 && !page.state().equals(State.GUEST)) {
                ledger.count(Count.RESURRECTED);
                ledger.error(name + " is back by the cookie of before: " + page.page());
            }
        } else if (!unknown(done)) {
            unexpected("POST /logout", done);
        }
    }

    private void become(State state) {
        become(Set.of(state));
    }

    private void become(Set<State> states) {
        if (possible.size() == 1) {
            before.addFirst(possible.iterator().next());
            if (before.size() > REMEMBERED) {
                before.removeLast();
            }
        }
        possible = Set.copyOf(states);
    }

    /** The page shows what it must. */
    private void check(String what, Reply reply) {
        State seen = reply.state();
        if (possible.contains(seen)) {
            possible = Set.of(seen);
            return;
        }
        String detail = name + ": " + what + " by " + reply.node() + " shows " + seen + " instead of " + possible;
        if (seen.customer().isEmpty()) {
            ledger.count(Count.LOST);
            ledger.error("lost: " + detail);
        } else if (before.contains(seen)) {
            ledger.count(Count.STALE);
            ledger.error("stale: " + detail);
        } else {
            ledger.error("wrong: " + detail);
        }
        possible = Set.of(seen);
    }

    /** What was asked for may be done or not, in a way that is promised. */
    private boolean unknown(Reply reply) {
        if ((reply.status() == 502 || reply.status() == 504) && !reply.isPage() && ledger.mayBeCutOff()) {
            ledger.count(Count.CUT_OFF);
            return true;
        }
        return brokeOff(reply) || comeAgain(reply);
    }

    /** Of a node that was killed after the first line of its answer there can be no other answer: Nginx has passed that line on. */
    private boolean brokeOff(Reply reply) {
        if (reply.status() == 0 && reply.text().contains(BROKEN_OFF) && ledger.mayBeCutOff()) {
            ledger.count(Count.CUT_OFF);
            return true;
        }
        return false;
    }

    private boolean comeAgain(Reply reply) {
        if (reply.status() == 503 && reply.text().equals("{\"error\":\"Service Unavailable\"}")) {
            ledger.count(Count.COME_AGAIN);
            return true;
        }
        return false;
    }

    private void unexpected(String what, Reply reply) {
        String text = reply.text().replaceAll("\\s+", " ");
        ledger.error(name + ": " + what + " got " + reply.status() + " from "
                + (reply.node().isEmpty() ? "Nginx" : reply.node()) + ": "
                + text.substring(0, Math.min(200, text.length())));
    }

    private Reply get(String path) throws InterruptedException {
        return send(HttpRequest.newBuilder(shop.resolve(path)));
    }

    private Reply post(String path, Map<String, String> form) throws InterruptedException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(shop.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    private Reply send(HttpRequest.Builder request) throws InterruptedException {
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        ledger.count(Count.REQUESTS);
        try {
            HttpResponse<String> response =
                    client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            String node = response.headers().firstValue("X-Node").orElse("");
            if (!node.isEmpty()) {
                ledger.answered(node);
            }
            return new Reply(response.statusCode(), node, data(response.body()), response.body());
        } catch (IOException broken) {
            return new Reply(0, "", Map.of(), broken.toString());
        }
    }

    private void keep(String setCookie) {
        String pair = setCookie.split(";", 2)[0];
        boolean gone = pair.endsWith("=") || setCookie.toLowerCase(Locale.ROOT).contains("max-age=0");
        cookie = gone ? "" : pair;
    }

    private static Map<String, String> data(String html) {
        Map<String, String> data = new HashMap<>();
        int body = html.indexOf("<body");
        if (body >= 0) {
            Matcher attributes = DATA.matcher(html.substring(body, html.indexOf('>', body)));
            attributes.results().forEach(found -> data.put(found.group(1), found.group(2)));
        }
        return data;
    }

    private static State with(State state, String product, int count) {
        Map<String, Integer> counts = new TreeMap<>();
        if (!state.cart().isEmpty()) {
            for (String one : state.cart().split(",", -1)) {
                String[] parts = one.split(":", 2);
                counts.put(parts[0], Integer.parseInt(parts[1]));
            }
        }
        if (count == 0) {
            counts.remove(product);
        } else {
            counts.put(product, count);
        }
        return new State(
                state.customer(),
                counts.entrySet().stream()
                        .map(one -> one.getKey() + ":" + one.getValue())
                        .collect(Collectors.joining(",")));
    }
}
