package dev.holdfast.samples.shop;

import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

/**
 * What somebody wants to buy. Immutable.
 *
 * @param order under which it will be paid; empty while the cart is
 * @param counts how many of each product, by id; none is 0
 * @param paid the order that was paid last; empty for none
 */
public record Cart(String order, Map<String, Integer> counts, String paid) {

    static final Cart EMPTY = new Cart("", Map.of(), "");

    static final int MOST = 99;

    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    public Cart {
        counts = Map.copyOf(counts);
    }

    /**
     * With so many of a product, and not with so many more: who sends that twice has not bought twice. What is changed is another order: of the one
     * before nobody may know yet whether it is paid.
     */
    Cart with(Product product, int count) {
        if (count == count(product)) {
            return this;
        }
        Map<String, Integer> changed = new TreeMap<>(counts);
        if (count == 0) {
            changed.remove(product.id());
        } else {
            changed.put(product.id(), count);
        }
        return new Cart(changed.isEmpty() ? "" : newOrder(), changed, paid);
    }

    /** Empty, as its order is paid. */
    Cart afterPayment() {
        return new Cart("", Map.of(), order);
    }

    int count(Product product) {
        return counts.getOrDefault(product.id(), 0);
    }

    int cents() {
        return Catalogue.all().stream()
                .mapToInt(product -> product.cents() * count(product))
                .sum();
    }

    /** As in {@code K7Q2-M4XD}. */
    private static String newOrder() {
        StringBuilder number = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            number.append(i == 4 ? "-" : "").append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return number.toString();
    }
}
