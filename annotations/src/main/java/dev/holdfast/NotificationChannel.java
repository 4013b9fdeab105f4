package dev.holdfast;

/**
 * A way to tell of failures that Holdfast does not bring. The agent finds it as a service: name the class in
 * {@code META-INF/services/dev.holdfast.NotificationChannel}, and its scheme in {@code -Dholdfast.channel.<name>=<scheme>:…}.
 *
 * <p>It is called by one thread at a time for each channel, in the order of the events, and may block: others do not wait for it. An
 * event may come more than once, with the same {@code id}.
 */
public interface NotificationChannel {

    /** The scheme of the URIs that it takes, as in {@code teams}. */
    String scheme();

    /**
     * Hands an event over. When it returns, the event counts as delivered.
     *
     * @param uri the whole URI of the channel
     * @param event a CloudEvents 1.0 message, JSON on one line
     * @throws IllegalArgumentException if it will never take this event, which is then kept among the dead letters
     * @throws Exception if it cannot now: the event is sent again later, and others wait behind it
     */
    void send(String uri, String event) throws Exception;
}
