package dev.holdfast.samples.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The messages in the queue, by the order that they tell of. Immutable.
 *
 * @param total all of them
 * @param idsOfOrders the ids of the messages about each order; one that was delivered twice is one
 * @param distinct how many different ones there are
 * @param dropped how many events the nodes say that they have lost
 */
record Messages(int total, Map<String, Set<String>> idsOfOrders, int distinct, long dropped) {

    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern ORDER = Pattern.compile("order ([A-Z0-9]{4}-[A-Z0-9]{4}) of ");
    private static final Pattern DROPPED = Pattern.compile("\"dropped\":(\\d+)");

    static Messages of(List<String> texts) {
        Map<String, Set<String>> orders = new HashMap<>();
        Set<String> ids = new HashSet<>();
        long dropped = 0;
        for (String text : texts) {
            Matcher id = ID.matcher(text);
            Matcher order = ORDER.matcher(text);
            Matcher lost = DROPPED.matcher(text);
            if (!id.find()) {
                throw new IllegalStateException("a message without id: " + text);
            }
            ids.add(id.group(1));
            if (order.find()) {
                orders.computeIfAbsent(order.group(1), none -> new HashSet<>()).add(id.group(1));
            } else if (lost.find()) {
                dropped += Long.parseLong(lost.group(1));
            }
        }
        return new Messages(texts.size(), orders, ids.size(), dropped);
    }

    int twice() {
        return total - distinct;
    }

    int about(String order) {
        return idsOfOrders.getOrDefault(order, Set.of()).size();
    }
}
