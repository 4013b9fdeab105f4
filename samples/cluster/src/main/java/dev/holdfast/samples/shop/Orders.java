package dev.holdfast.samples.shop;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.Severity;
import java.io.IOException;

/** Takes orders. Thread-safe. */
public final class Orders {

    private final Bank bank;
    private final Log log;

    Orders(Bank bank, Log log) {
        this.bank = bank;
        this.log = log;
    }

    /** Whoever reads the queue calls the customer, and asks the bank what has become of the money. */
    @NotifyOnFailure(
            channels = "orders",
            severity = Severity.CRITICAL,
            message = "order {order.id} of {order.customer} is not paid: {failure.message}")
    void place(Order order) throws IOException, InterruptedException {
        bank.pay(order);
        log.write("paid", order.id());
    }
}
