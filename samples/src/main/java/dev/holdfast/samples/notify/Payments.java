package dev.holdfast.samples.notify;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.Recover;
import dev.holdfast.Severity;
import dev.holdfast.When;
import java.io.IOException;

/** Ways to use {@link NotifyOnFailure}. Thread-safe where the bank is. */
public final class Payments {

    private final Bank bank;

    /** Over a bank that may fail. */
    public Payments(Bank bank) {
        this.bank = bank;
    }

    /** What can be done at a bank. */
    public interface Bank {

        /** Pays. */
        String pay(String account, long cents) throws IOException;
    }

    /** Every failure goes to the channels of {@code holdfast.notify}. */
    @NotifyOnFailure
    public String plain(String account, long cents) throws IOException {
        return bank.pay(account, cents);
    }

    /** The queue hears of each attempt; people hear of it if the fifth call within a minute has failed for good. */
    @NotifyOnFailure(channels = "queue", when = When.EVERY_ATTEMPT, severity = Severity.INFO)
    @NotifyOnFailure(
            channels = {"mail", "chat"},
            when = When.UNRECOVERED,
            after = 5,
            within = "1m",
            severity = Severity.CRITICAL,
            message = "no payment from {account}: {failure.message}")
    @Recover(on = IOException.class, attempts = 3, fallback = "later")
    public String pay(String account, long cents) throws IOException {
        return bank.pay(account, cents);
    }

    /** What is done in place of it. */
    public String later(String account, long cents) {
        return account + " pays " + cents + " later";
    }
}
