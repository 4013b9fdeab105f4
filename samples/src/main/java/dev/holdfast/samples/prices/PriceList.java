package dev.holdfast.samples.prices;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.NoSuchElementException;

/** The prices printed in the catalogue: old, but always at hand. */
final class PriceList {

    private static final Instant PRINTED = Instant.parse("2026-01-01T00:00:00Z");

    private static final Map<String, String> EUROS = Map.of(
            "tea", "4.90", "coffee", "7.90", "cocoa", "5.90", "sugar", "1.90", "saffron", "12.90", "pepper", "3.90");

    private PriceList() {}

    /** The price on the list. */
    static Price of(String product) {
        String euros = EUROS.get(product);
        if (euros == null) {
            throw new NoSuchElementException("no product \"" + product + "\" on the list");
        }
        return new Price(product, new BigDecimal(euros), "the list", PRINTED);
    }
}
