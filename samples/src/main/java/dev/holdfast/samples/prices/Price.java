package dev.holdfast.samples.prices;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * What a product costs.
 *
 * @param product its name
 * @param euros the price of one
 * @param from who says so: the market or the list
 * @param asOf when it said so
 */
record Price(String product, BigDecimal euros, String from, Instant asOf) {

    /** As a JSON object. Names of products need no escapes: those that are known have none. */
    String json() {
        return "{\"product\":\"" + product + "\",\"euros\":" + euros + ",\"from\":\"" + from + "\",\"asOf\":\"" + asOf
                + "\"}";
    }
}
