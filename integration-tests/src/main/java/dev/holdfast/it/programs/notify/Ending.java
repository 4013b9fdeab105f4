package dev.holdfast.it.programs.notify;

import dev.holdfast.NotifyOnFailure;
import dev.holdfast.it.programs.Expect;
import java.io.IOException;

/** Fails some times, says what time it is, and ends. */
public final class Ending {

    private Ending() {}

    @NotifyOnFailure
    private static void fail(int number) throws IOException {
        throw new IOException("failure at the end " + number);
    }

    public static void main(String[] arguments) throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            int number = i;
            Expect.outcome(() -> fail(number));
        }
        Thread.sleep(Long.parseLong(arguments[0])); // until the channel hangs
        System.out.println(System.currentTimeMillis());
    }
}
