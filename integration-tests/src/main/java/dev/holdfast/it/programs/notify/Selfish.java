package dev.holdfast.it.programs.notify;

import dev.holdfast.NotificationChannel;
import dev.holdfast.NotifyOnFailure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A channel of the application's own that itself has failures to tell, which would never end. */
public final class Selfish implements NotificationChannel {

    static final List<String> TOLD = new CopyOnWriteArrayList<>();

    @Override
    public String scheme() {
        return "selfish";
    }

    @Override
    public void send(String uri, String event) {
        TOLD.add(uri + " " + event);
        Thread.currentThread().interrupt(); // whatever that may be good for
        try {
            stumble();
        } catch (IllegalStateException itself) {
            TOLD.add("stumbled");
        }
    }

    @NotifyOnFailure(channels = {"file", "own"})
    private static void stumble() {
        throw new IllegalStateException("the channel's own failure");
    }
}
