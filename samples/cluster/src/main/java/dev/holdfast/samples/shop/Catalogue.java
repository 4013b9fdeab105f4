package dev.holdfast.samples.shop;

import dev.holdfast.RateLimited;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What there is. Thread-safe. */
public final class Catalogue {

    private static final List<Product> PRODUCTS = List.of(
            new Product("tea", "Tea", "Green, from the hills", 490),
            new Product("coffee", "Coffee", "Roasted on Mondays", 790),
            new Product("cocoa", "Cocoa", "Dark and unsweetened", 590),
            new Product("sugar", "Sugar", "From beet, one kilo", 190),
            new Product("saffron", "Saffron", "One gram, by hand", 1290),
            new Product("pepper", "Pepper", "Black, whole", 390));

    private final Log log;

    Catalogue(Log log) {
        this.log = log;
    }

    static List<Product> all() {
        return PRODUCTS;
    }

    static Optional<Product> find(String id) {
        return PRODUCTS.stream().filter(product -> product.id().equals(id)).findAny();
    }

    /** Searching is dear: so many a second in the whole shop, whatever the number of its nodes, and only a few for each customer. */
    @RateLimited(name = "search", permits = 10, per = "1s")
    @RateLimited(name = "search-of-customer", permits = 2, per = "1s", burst = 4, key = "{customer}")
    List<Product> search(String customer, String text) {
        log.write("search", customer);
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return PRODUCTS.stream()
                .filter(product -> (product.name() + " " + product.about())
                        .toLowerCase(Locale.ROOT)
                        .contains(wanted))
                .toList();
    }
}
