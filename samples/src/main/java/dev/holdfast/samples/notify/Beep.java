package dev.holdfast.samples.notify;

import dev.holdfast.NotificationChannel;
import java.awt.Toolkit;

/** A channel of one's own: {@code -Dholdfast.channel.bell=beep:}. */
public final class Beep implements NotificationChannel {

    @Override
    public String scheme() {
        return "beep";
    }

    @Override
    public void send(String uri, String event) {
        Toolkit.getDefaultToolkit().beep();
    }
}
