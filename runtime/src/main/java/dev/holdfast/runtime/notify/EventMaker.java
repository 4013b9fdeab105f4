package dev.holdfast.runtime.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.notify.event.Event;
import dev.holdfast.runtime.notify.event.EventText;
import dev.holdfast.runtime.notify.event.Fingerprint;
import dev.holdfast.runtime.notify.event.Frames;
import dev.holdfast.runtime.notify.event.Scrubber;
import dev.holdfast.runtime.time.WallClock;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes events of what was captured. Thread-safe. */
final class EventMaker {

    private static final int MOST_NAME = 255;

    private final String source;
    private final String host = hostName();
    private final String ids = HexFormat.of().formatHex(new SecureRandom().generateSeed(8)) + "-";
    private final AtomicLong made = new AtomicLong();

    /** For the application of that name. */
    EventMaker(String application) {
        this.source = "/" + URLEncoder.encode(application, UTF_8).replace("+", "%20");
    }

    /** Asking for it by the network may take seconds where names are not set up well, so what is at hand goes first. */
    private static String hostName() {
        for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
            String name = System.getenv(variable);
            if (name != null && !name.isBlank()) {
                return name.strip();
            }
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "unknown";
        }
    }

    private String nextId() {
        return ids + made.incrementAndGet();
    }

    /** An event that tells how many others were lost. */
    String dropped(long count) {
        return EventText.dropped(nextId(), source, WallClock.millis(), count);
    }

    /**
     * An event that tells of a failure.
     *
     * @param message what the template gives; null for what the failure says
     */
    String failed(Captured captured, Facts facts, @Nullable String message, List<Event.Argument> arguments) {
        Throwable failure = captured.failure();
        GuardedMethod method = captured.teller().method();
        String subject = method.owner().getName() + "#" + method.method().getName();
        String root = facts.root;
        return EventText.of(new Event(
                nextId(),
                source,
                subject,
                captured.millis(),
                failure.getClass().getName(),
                Scrubber.scrub(message == null ? facts.message : message),
                root == null
                        ? null
                        : Scrubber.scrub(facts.rootMessage == null ? root : root + ": " + facts.rootMessage),
                Frames.told(facts.trace),
                captured.attempts(),
                captured.durationNanos() < 0 ? null : TimeUnit.NANOSECONDS.toMillis(captured.durationNanos()),
                captured.recoveredBy(),
                Scrubber.cut(captured.thread(), MOST_NAME),
                host,
                Fingerprint.of(
                        subject, failure.getClass().getName(), root == null ? "" : root, facts.trace, facts.message),
                captured.count(),
                captured.teller().severity().name(),
                arguments));
    }
}
