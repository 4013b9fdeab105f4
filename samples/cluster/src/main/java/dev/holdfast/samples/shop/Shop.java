package dev.holdfast.samples.shop;

import dev.holdfast.CallRejectedException;
import dev.holdfast.CallTimeoutException;
import dev.holdfast.RateLimitedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the shop does with a click, whichever server has taken it. Thread-safe. */
final class Shop {

    /** How much longer this node takes than it must, as an old machine would. */
    private static final long LAG_MILLIS = Long.getLong("shop.lag", 0);

    private static final String NAME = "[\\p{Alnum} _.-]{1,30}";

    private final String node;
    private final Catalogue catalogue;
    private final Orders orders;

    Shop(String node, URI bank, Path log) {
        this.node = node;
        Log lines = new Log(log);
        this.catalogue = new Catalogue(lines);
        this.orders = new Orders(new Bank(bank), lines);
    }

    /** Of this node, as users may be told it. */
    String node() {
        return node;
    }

    Answer answer(Click click, Visitor visitor) throws InterruptedException {
        if (LAG_MILLIS > 0) {
            Thread.sleep(LAG_MILLIS);
        }
        return switch (click.method() + " " + click.path()) {
            case "GET /" ->
                Answer.page(200, page(visitor).notice(click.get("notice")).html());
            case "GET /search" -> search(click.get("text"), visitor);
            case "POST /cart" -> put(click.get("product"), click.get("count"), visitor);
            case "POST /pay" -> pay(click.get("order"), visitor);
            case "POST /login" -> login(click.get("name").strip(), visitor);
            case "POST /logout" -> logout(visitor);
            default -> Answer.page(404, page(visitor).notice("nowhere").html());
        };
    }

    private Page page(Visitor visitor) {
        return new Page(node, visitor.name(), visitor.cart());
    }

    private Answer search(String text, Visitor visitor) {
        String customer = visitor.name().isEmpty() ? "guests" : visitor.name();
        try {
            List<Product> found = catalogue.search(customer, text);
            return Answer.page(200, page(visitor).found(text, found).html());
        } catch (RateLimitedException tooMany) {
            return Answer.later(
                    429, seconds(tooMany), page(visitor).notice("slowly").html());
        }
    }

    private static long seconds(CallRejectedException rejected) {
        return rejected.retryAfter()
                .orElse(Duration.ofSeconds(1))
                .plusMillis(999)
                .toSeconds();
    }

    private Answer put(String product, String count, Visitor visitor) {
        Optional<Product> known = Catalogue.find(product);
        if (known.isEmpty() || !count.matches("\\d{1,2}")) {
            return Answer.page(400, page(visitor).notice("nonsense").html());
        }
        visitor.keep(visitor.cart().with(known.get(), Integer.parseInt(count)));
        return Answer.goTo("/");
    }

    private Answer pay(String order, Visitor visitor) throws InterruptedException {
        Cart cart = visitor.cart();
        if (!order.isEmpty() && order.equals(cart.paid())) {
            return Answer.goTo("/?notice=paid"); // a second click on the button
        }
        if (order.isEmpty() || !order.equals(cart.order())) {
            return Answer.page(409, page(visitor).notice("changed").html());
        }
        String customer = visitor.name().isEmpty() ? "a guest" : visitor.name();
        try {
            orders.place(new Order(order, customer, cart.cents()));
        } catch (IOException | CallTimeoutException | CallRejectedException unpaid) {
            return Answer.later(503, 5, page(visitor).notice("unpaid").html());
        }
        visitor.keep(cart.afterPayment());
        return Answer.goTo("/?notice=paid");
    }

    private Answer login(String name, Visitor visitor) {
        if (!name.matches(NAME)) {
            return Answer.page(400, page(visitor).notice("nonsense").html());
        }
        visitor.enter(name);
        return Answer.goTo("/");
    }

    private static Answer logout(Visitor visitor) {
        visitor.leave();
        return Answer.goTo("/?notice=bye");
    }
}
