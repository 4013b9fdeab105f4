package dev.holdfast.samples.shop;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The one page of the shop, as HTML. What it shows is also in the attributes of its body, for programs that look at it. Made for one answer.
 */
final class Page {

    private static final Map<String, String> NOTICES = Map.of(
            "paid", "Thank you! Your order is paid.",
            "unpaid",
                    "The bank does not answer, so your order is not paid. Your cart is kept: try again, you will not pay twice."
                            + " We have been told, too.",
            "slowly", "That were many searches. Please wait a second.",
            "changed", "Your cart has changed meanwhile. Please look at it again.",
            "bye", "You are logged out.",
            "nonsense", "That was not understood.",
            "nowhere", "There is no such page.");

    private static final String STYLE = """
            :root { --ink: #1d2b2a; --soft: #5d6f6d; --line: #dfe6e4; --paper: #f6f8f7; --green: #1f6f5c; --warm: #b4552d; }
            * { box-sizing: border-box; margin: 0; }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
            header { background: #fff; border-bottom: 1px solid var(--line); }
            header > div, main, footer { max-width: 64rem; margin: 0 auto; padding: 1rem 1.5rem; }
            header > div { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; }
            h1 { font: 600 1.5rem/1.2 Georgia, serif; }
            h1 a { color: var(--green); text-decoration: none; }
            h2 { font: 600 1.1rem/1.3 Georgia, serif; margin-bottom: .75rem; }
            header form.search { flex: 1; display: flex; gap: .5rem; min-width: 14rem; }
            header form.who { display: flex; gap: .5rem; align-items: center; }
            input { font: inherit; padding: .4rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: #fff; width: 100%; }
            header form.who input { width: 9rem; }
            button { font: inherit; padding: .4rem .9rem; border: 1px solid var(--green); border-radius: .4rem; cursor: pointer;
                     background: #fff; color: var(--green); }
            button:hover { background: #eaf3f0; }
            button:focus-visible, input:focus-visible { outline: 2px solid var(--green); outline-offset: 2px; }
            button.main { background: var(--green); color: #fff; width: 100%; padding: .6rem; }
            button.main:hover { background: #175747; }
            button.small { padding: 0 .55rem; }
            main { display: grid; grid-template-columns: 1fr 19rem; gap: 1.5rem; align-items: start; }
            .notice { grid-column: 1 / -1; padding: .7rem 1rem; border-radius: .4rem; background: #e4f1ed; border-left: 4px solid var(--green); }
            .notice.bad { background: #fbeee8; border-color: var(--warm); }
            ul { list-style: none; padding: 0; }
            ul.products { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 1rem; }
            ul.products li, aside { background: #fff; border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; }
            ul.products li { display: flex; flex-direction: column; gap: .15rem; }
            ul.products strong { font-size: 1.05rem; }
            .about { color: var(--soft); font-size: .9rem; flex: 1; }
            .buy { display: flex; justify-content: space-between; align-items: center; margin-top: .7rem;
                    white-space: nowrap; }
            aside li { display: flex; align-items: center; gap: .4rem; padding: .4rem 0; border-bottom: 1px solid var(--line); }
            aside li span:first-child { flex: 1; }
            .total { display: flex; justify-content: space-between; font-weight: 600; padding: .8rem 0; }
            .empty, .order, footer { color: var(--soft); font-size: .9rem; }
            .order { margin-top: .6rem; }
            @media (max-width: 46rem) { main { grid-template-columns: 1fr; } }
            """;

    private final String node;
    private final String customer;
    private final Cart cart;
    private String notice = "";
    private String title = "Everything we have";
    private String searched = "";
    private List<Product> products = Catalogue.all();

    Page(String node, String customer, Cart cart) {
        this.node = node;
        this.customer = customer;
        this.cart = cart;
    }

    /** Something to be told; one that is not known is not. */
    Page notice(String word) {
        notice = NOTICES.containsKey(word) ? word : "";
        return this;
    }

    /** Shows these instead of all products. */
    Page found(String text, List<Product> found) {
        searched = text;
        products = found;
        title = found.isEmpty() ? "Nothing found" : "Found";
        return this;
    }

    String html() {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <link rel="icon" href="data:,"><title>Corner shop</title><style>
                %s</style></head>
                <body data-node="%s" data-customer="%s" data-order="%s" data-cart="%s" data-paid="%s" data-notice="%s">
                <header><div>
                <h1><a href="/">Corner shop</a></h1>
                <form class="search" action="/search"><input name="text" value="%s" placeholder="Search" aria-label="Search">
                <button>Search</button></form>
                %s
                </div></header>
                <main>
                %s<section><h2>%s</h2><ul class="products">
                %s</ul></section>
                <aside><h2>Your cart</h2>%s</aside>
                </main>
                <footer>Answered by %s. The next click may be answered by another one.</footer>
                </body></html>
                """.formatted(
                        STYLE,
                        escaped(node),
                        escaped(customer),
                        cart.order(),
                        counts(),
                        cart.paid(),
                        notice,
                        escaped(searched),
                        who(),
                        told(),
                        title,
                        products.stream().map(this::card).collect(Collectors.joining()),
                        cart.counts().isEmpty() ? "<p class=\"empty\">Nothing yet.</p>" : lines(),
                        escaped(node));
    }

    /** As in {@code coffee:1,tea:2}. */
    private String counts() {
        return Catalogue.all().stream()
                .filter(product -> cart.count(product) > 0)
                .map(product -> product.id() + ":" + cart.count(product))
                .sorted()
                .collect(Collectors.joining(","));
    }

    private String who() {
        return customer.isEmpty()
                ? "<form class=\"who\" method=\"post\" action=\"/login\"><input name=\"name\" placeholder=\"Your name\""
                        + " aria-label=\"Your name\" required maxlength=\"30\"><button>Log in</button></form>"
                : "<form class=\"who\" method=\"post\" action=\"/logout\"><span>" + escaped(customer)
                        + "</span><button>Log out</button></form>";
    }

    private String told() {
        if (notice.isEmpty()) {
            return "";
        }
        String look = notice.equals("paid") || notice.equals("bye") ? "notice" : "notice bad";
        return "<p class=\"" + look + "\" role=\"status\">" + NOTICES.get(notice) + "</p>\n";
    }

    private String card(Product product) {
        return "<li><strong>" + product.name() + "</strong><span class=\"about\">" + product.about()
                + "</span><span class=\"buy\"><span>" + euros(product.cents()) + "</span>"
                + button(product, cart.count(product) + 1, "Add", "") + "</span></li>\n";
    }

    private String lines() {
        String lines = Catalogue.all().stream()
                .filter(product -> cart.count(product) > 0)
                .map(product -> {
                    int count = cart.count(product);
                    return "<li><span>" + product.name() + "</span>" + button(product, count - 1, "−", "small")
                            + "<span>" + count + "</span>" + button(product, count + 1, "+", "small") + "</li>";
                })
                .collect(Collectors.joining());
        return "<ul>" + lines + "</ul><p class=\"total\"><span>Total</span><span>" + euros(cart.cents())
                + "</span></p><form method=\"post\" action=\"/pay\"><input type=\"hidden\" name=\"order\" value=\""
                + cart.order() + "\"><button class=\"main\">Pay</button></form><p class=\"order\">Order " + cart.order()
                + "</p>";
    }

    /** Sets the count, instead of adding to it: so it does no harm if a browser sends it again. */
    private static String button(Product product, int count, String label, String look) {
        return "<form method=\"post\" action=\"/cart\"><input type=\"hidden\" name=\"product\" value=\"" + product.id()
                + "\"><input type=\"hidden\" name=\"count\" value=\"" + Math.min(count, Cart.MOST)
                + "\"><button class=\""
                + look + "\">" + label + "</button></form>";
    }

    private static String euros(int cents) {
        return String.format(Locale.ROOT, "%.2f €", cents / 100.0);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
