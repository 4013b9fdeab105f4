package dev.holdfast.samples.cluster;

import dev.holdfast.samples.cluster.Faults.Outage;
import dev.holdfast.samples.cluster.Ledger.Count;
import dev.holdfast.samples.cluster.Ledger.Unpaid;
import dev.holdfast.samples.cluster.Node.Search;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Sends users through the shop while things go wrong, and looks at what came of it. Not thread-safe. */
final class Play {

    /** Something that is done while the users are there. */
    interface Action {
        void run() throws IOException, InterruptedException;
    }

    /** The limits of {@link dev.holdfast.samples.shop.Catalogue}. */
    private static final int SEARCHES = 10;

    private static final int SEARCHES_OF_CUSTOMER = 2;
    private static final int BURST_OF_CUSTOMER = 4;

    /** A search is written down a little later than it was let through, which may bring two closer together. */
    private static final double LATE_SECONDS = 0.2;

    private static final long GET_ON_SECONDS = 30;
    private static final int SHOWN_ERRORS = 12;
    private static final long PROGRESS_MILLIS = 2_000;
    private static final long BANK_MILLIS = 1_200;
    private static final List<String> BANK = List.of("shaky", "down", "well", "shaky", "well", "well", "hangs", "well");

    private final Stage stage;
    private final Consumer<String> told;
    private final Ledger ledger = new Ledger();
    private final Faults faults;
    private final long begun = System.nanoTime();
    private final List<User> users = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private double seconds;

    // What was there before, by an earlier play on the same stage.
    private long beginMicros;
    private long passedOnBefore;
    private Set<String> paidBefore = Set.of();
    private Messages messagesBefore = Messages.of(List.of());

    private Messages messages;

    Play(Stage stage, Consumer<String> told) {
        this.stage = stage;
        this.told = told;
        this.faults = new Faults(stage, ledger, this::tell);
    }

    Faults faults() {
        return faults;
    }

    Ledger ledger() {
        return ledger;
    }

    private void tell(String line) {
        told.accept(String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - begun) / 1e9, line));
    }

    /**
     * Plays. Returns when all users have gone, everything is up again, and all messages have come or will not.
     *
     * @param count how many users
     * @param length how long, in seconds
     * @param action what is done meanwhile; it must end in that time
     * @param patience how long to wait for messages, in seconds
     */
    void run(int count, int thinkMillis, long length, long seed, Action action, long patience)
            throws IOException, InterruptedException {
        beginMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        passedOnBefore = stage.nginx().passedOn();
        paidBefore = stage.payments().keySet();
        messagesBefore = Messages.of(stage.broker().messages());
        HttpClient client = HttpClient.newHttpClient();
        CountDownLatch over = new CountDownLatch(1);
        Thread progress = new Thread(() -> showProgress(over), "progress");
        Thread bank = new Thread(() -> turnBank(over), "mood of the bank");
        long from = System.nanoTime();
        try {
            for (int i = 0; i < count; i++) {
                User user = new User("user" + i, stage.address(), client, ledger, thinkMillis, seed * 1_000 + i);
                users.add(user);
                threads.add(new Thread(user, "user " + i));
            }
            threads.add(progress);
            threads.add(bank);
            threads.forEach(thread -> thread.setDaemon(true));
            threads.forEach(Thread::start);
            action.run();
            long left = from + TimeUnit.SECONDS.toNanos(length) - System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
        } finally {
            users.forEach(User::stop);
            over.countDown();
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(40));
            if (thread.isAlive()) {
                ledger.error(thread.getName() + " does not end");
                thread.interrupt();
            }
        }
        seconds = (System.nanoTime() - from) / 1e9;
        stage.turnBank("well");
        stage.broker().awaitReady();
        awaitMessages(patience);
    }

    /** Waits until users have clicked that many times more: so they are under way before something goes wrong, and get on after it. */
    void awaitRequests(int more) throws IOException, InterruptedException {
        long wanted = ledger.of(Count.REQUESTS) + more;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GET_ON_SECONDS);
        while (ledger.of(Count.REQUESTS) < wanted) {
            if (System.nanoTime() - end > 0) {
                throw new IOException(
                        "users do not get on: " + ledger.of(Count.REQUESTS) + " of " + wanted + " requests");
            }
            Thread.sleep(20);
        }
    }

    private void showProgress(CountDownLatch over) {
        try {
            while (!over.await(PROGRESS_MILLIS, TimeUnit.MILLISECONDS)) {
                tell(String.format(
                        Locale.ROOT,
                        "%,7d requests, %d errors, %d orders paid, %d not",
                        ledger.of(Count.REQUESTS),
                        ledger.errors(),
                        ledger.paid().size(),
                        ledger.unpaid().size()));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void turnBank(CountDownLatch over) {
        try {
            int turn = 0;
            do {
                stage.turnBank(BANK.get(turn++ % BANK.size()));
            } while (!over.await(BANK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (IOException broken) {
            ledger.error("the bank's switch: " + broken);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitMessages(long patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(patience);
        int toldLast = -1;
        messages = Messages.of(stage.broker().messages());
        while (!missing().isEmpty() && System.nanoTime() - end < 0) {
            if (missing().size() != toldLast) {
                toldLast = missing().size();
                tell("waiting for " + toldLast + " messages: a node tries again after 1 s, 2 s, 4 s ... of an outage");
            }
            Thread.sleep(250);
            messages = Messages.of(stage.broker().messages());
        }
    }

    /** Orders that a user was told of, and the queue was not, as often as they failed. */
    private List<Unpaid> missing() {
        List<Unpaid> missing = new ArrayList<>();
        Map<String, List<Unpaid>> byOrder = ledger.unpaid().stream().collect(Collectors.groupingBy(Unpaid::order));
        byOrder.forEach((order, failures) -> {
            List<Unpaid> certain = failures.stream()
                    .filter(failure -> !ledger.killedRightAfter(failure))
                    .toList();
            int told = messages.about(order);
            if (told < certain.size()) {
                missing.addAll(certain.subList(told, certain.size()));
            }
        });
        return missing;
    }

    /** Says what came of it. */
    List<String> report() throws IOException {
        List<String> lines = new ArrayList<>();
        long all = answered();
        lines.add("   node        requests    share");
        for (Node node : stage.nodes()) {
            long count = ledger.answeredBy(node.name());
            lines.add(String.format(
                    Locale.ROOT, "   %-10s %,9d   %5.1f %%", node.name(), count, all == 0 ? 0 : 100.0 * count / all));
        }
        lines.add(String.format(
                Locale.ROOT,
                "   requests   %,9d   in %.1f s; %d handed to another node by Nginx; %d errors",
                ledger.of(Count.REQUESTS),
                seconds,
                stage.nginx().passedOn() - passedOnBefore,
                ledger.errors()));
        lines.add(String.format(
                Locale.ROOT,
                "   by promise %,9d   cut off on a killed node and sent again by the user; %d told to come again (503)",
                ledger.of(Count.CUT_OFF),
                ledger.of(Count.COME_AGAIN)));
        lines.add(String.format(
                Locale.ROOT,
                "   sessions   %,9d   %d lost, %d stale, %d back after their end",
                ledger.of(Count.SESSIONS),
                ledger.of(Count.LOST),
                ledger.of(Count.STALE),
                ledger.of(Count.RESURRECTED)));
        lines.add(String.format(
                Locale.ROOT,
                "   orders     %,9d   paid; %d times one was not",
                ledger.paid().size(),
                ledger.unpaid().size()));
        lines.add(String.format(
                Locale.ROOT,
                "   messages   %,9d   delivered to %s; %d of them twice, %d missing",
                messages.total() - messagesBefore.total(),
                stage.broker().name(),
                messages.twice() - messagesBefore.twice(),
                missing().size()));
        lines.add(String.format(
                Locale.ROOT,
                "   searches   %,9d   granted of %,.0f allowed; %,d refused",
                searches().size(),
                SEARCHES + SEARCHES * seconds,
                ledger.of(Count.TOO_MANY)));
        return lines;
    }

    private long answered() {
        return stage.nodes().stream()
                .mapToLong(node -> ledger.answeredBy(node.name()))
                .sum();
    }

    private List<Search> searches() throws IOException {
        List<Search> searches = new ArrayList<>();
        for (Node node : stage.nodes()) {
            node.searches().stream()
                    .filter(search -> search.micros() >= beginMicros)
                    .forEach(searches::add);
        }
        searches.sort(Comparator.comparingLong(Search::micros));
        return searches;
    }

    /** Everything that has to hold whatever went wrong. */
    void check(Checks checks) throws IOException, InterruptedException {
        checks.check(ledger.errors() == 0, "no user saw an error that is not promised" + errors());
        checks.check(
                ledger.of(Count.LOST) + ledger.of(Count.STALE) + ledger.of(Count.RESURRECTED) == 0,
                "no session was lost, stale, or back after its end");
        checkMoney(checks);
        List<Unpaid> missing = missing();
        checks.check(
                missing.isEmpty() && messages.dropped() == 0,
                "every order that was not paid is in the queue" + (missing.isEmpty() ? "" : ": not " + missing));
        checkPermits(checks);
        checks.check(stage.redis().immortals() == 0, "nothing stays in Redis for ever");
    }

    private String errors() {
        List<String> texts = ledger.errorTexts();
        String shown = texts.stream()
                .limit(SHOWN_ERRORS)
                .map(text -> "\n              " + text)
                .collect(Collectors.joining());
        return texts.size() > SHOWN_ERRORS ? shown + "\n              and so on" : shown;
    }

    private void checkMoney(Checks checks) throws IOException, InterruptedException {
        Map<String, String> payments = stage.payments();
        Set<String> unpaid = new HashSet<>(ledger.paid().keySet());
        unpaid.removeAll(payments.keySet());
        checks.check(
                unpaid.isEmpty(),
                "what users were told is paid, the bank has: once" + (unpaid.isEmpty() ? "" : unpaid));
        Set<String> unknown = new HashSet<>(payments.keySet());
        unknown.removeAll(paidBefore);
        unknown.removeAll(ledger.paid().keySet());
        ledger.unpaid().forEach(order -> unknown.remove(order.order()));
        unknown.removeAll(ledger.uncertain());
        checks.check(
                unknown.isEmpty(),
                "and nothing else, but for orders of which the shop could not know"
                        + (unknown.isEmpty() ? "" : unknown));
    }

    private void checkPermits(Checks checks) throws IOException {
        List<Search> searches = searches();
        List<Outage> outages = faults.outages();
        List<Long> all = searches.stream().map(Search::micros).toList();
        double fullest = Permits.fullest(all, SEARCHES, outages);
        checks.check(
                fullest <= SEARCHES * (1 + LATE_SECONDS),
                String.format(
                        Locale.ROOT,
                        "the cluster let no more searches through than its limit: its bucket held at most %.1f of %d",
                        fullest,
                        SEARCHES));
        Map<String, List<Long>> byCustomer = new TreeMap<>();
        searches.forEach(search -> byCustomer
                .computeIfAbsent(search.customer(), none -> new ArrayList<>())
                .add(search.micros()));
        double worst = byCustomer.values().stream()
                .mapToDouble(micros -> Permits.fullest(micros, SEARCHES_OF_CUSTOMER, outages))
                .max()
                .orElse(0);
        checks.check(
                worst <= BURST_OF_CUSTOMER + SEARCHES_OF_CUSTOMER * LATE_SECONDS,
                String.format(Locale.ROOT, "nor for any customer: at most %.1f of %d", worst, BURST_OF_CUSTOMER));
        if (!outages.isEmpty()) {
            double away = Permits.fullest(all, SEARCHES, List.of());
            checks.check(
                    away <= 2 * SEARCHES,
                    String.format(
                            Locale.ROOT,
                            "while Redis was away the nodes went on with their shares: at most %.1f, about the limit of %d",
                            away,
                            SEARCHES));
        }
    }

    /** Whether the requests went where Nginx was told to send them. Only where no node was away. */
    void checkBalance(Checks checks, Nginx.Balance balance) {
        // A few requests more or less are no fault of Nginx's.
        double few = Math.max(0.01, 4.0 / answered());
        List<Double> shares = stage.nodes().stream()
                .map(node -> ledger.answeredBy(node.name()) / (double) answered())
                .toList();
        switch (balance) {
            case ROUND_ROBIN ->
                checks.check(
                        shares.stream().allMatch(share -> near(share, 1 / 3.0, few)),
                        "each node got a third of the requests");
            case RANDOM ->
                checks.check(
                        shares.stream().allMatch(share -> near(share, 1 / 3.0, 4 / Math.sqrt((double) answered()))),
                        "each node got about a third of the requests, as chance will have it");
            case WEIGHTED ->
                checks.check(
                        near(shares.get(0), 3 / 6.0, few) && near(shares.get(1), 2 / 6.0, few),
                        "the nodes got 3, 2 and 1 of each six requests");
            case LEAST_CONN ->
                checks.check(
                        shares.get(2) < 0.8 * shares.get(0) && shares.get(2) < 0.8 * shares.get(1),
                        "the slow node got fewer requests than the others");
        }
    }

    private static boolean near(double value, double expected, double by) {
        return Math.abs(value - expected) <= by;
    }
}
