package dev.holdfast.runtime.ratelimit;

import dev.holdfast.Algorithm;
import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.ratelimit.LimitSettings;
import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.template.LinkedTemplate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What one annotation of one method wants of a limit. Thread-safe; what may change is a text that is made anew when the settings do. */
final class Claim {

    /** A longer key is stood for by a hash, so that what a client sends cannot fill the heap. */
    static final int LONGEST_KEY = 200;

    private final Limit limit;
    private final LimitSettings settings;
    private final String place;
    private final String shown;
    private final ExceptionType rejection;
    private final @Nullable LinkedTemplate key;
    private final @Nullable LinkedTemplate cost;

    /** Where a limit refuses much, to write the same each time would be most of the work. */
    private volatile @Nullable Allowed allowed;

    /** What a limit allows under these settings, in words. */
    private record Allowed(RateSettings settings, String text) {}

    private Claim(Limit limit, LimitSettings settings, GuardedMethod method) throws ReflectiveOperationException {
        this.limit = limit;
        this.settings = settings;
        this.place = method.place();
        this.shown = settings.name().isEmpty()
                ? method.owner().getName() + "." + method.method().getName()
                : settings.name();
        this.rejection = ExceptionType.in(method.loader(), "RateLimitedException", Duration.class, String.class);
        this.key = settings.key() == null ? null : LinkedTemplate.link(settings.key(), method);
        this.cost = settings.costs() == null ? null : LinkedTemplate.link(settings.costs(), method);
    }

    static Claim link(Limit limit, LimitSettings settings, GuardedMethod method) throws ReflectiveOperationException {
        return new Claim(limit, settings, method);
    }

    Limit limit() {
        return limit;
    }

    long maxWaitNanos() {
        return settings.maxWaitNanos();
    }

    /** What every call takes; 0 if that depends on the call. */
    long fixedCost() {
        return settings.cost();
    }

    /**
     * The value of the key in a call.
     *
     * @throws Throwable what the application's own code throws on the way
     */
    String key(@Nullable Object[] everything) throws Throwable {
        if (key == null) {
            return "";
        }
        String text = key.text(everything);
        return text.length() <= LONGEST_KEY ? text : digest(text);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_16LE));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    /**
     * The permits that a call takes.
     *
     * @throws IllegalArgumentException if it is not 1 to the capacity of the limit
     * @throws Throwable what the application's own code throws on the way
     */
    long cost(@Nullable Object[] everything) throws Throwable {
        if (cost == null) {
            return settings.cost();
        }
        Object value = cost.value(everything);
        if (!(value instanceof Number number)) {
            throw new IllegalArgumentException(wrongCost("must be 1 or more, was null; expected: a number"));
        }
        long permits = number.longValue();
        if (permits < 1) {
            throw new IllegalArgumentException(
                    wrongCost("must be 1 or more, was " + permits + "; expected: no such call"));
        }
        fits(permits);
        return permits;
    }

    /**
     * Lets costs pass that the limit can ever have.
     *
     * @throws IllegalArgumentException else
     */
    void fits(long permits) {
        RateSettings rate = limit.settings();
        if (permits > rate.capacity()) {
            String most = rate.capacity() == rate.permits() ? "permits" : "burst";
            throw new IllegalArgumentException(wrongCost("must be at most " + most + ", " + rate.capacity() + ", was "
                    + permits + ", so it could never be let through; expected: a smaller call, or more " + most));
        }
    }

    private String wrongCost(String what) {
        return place + ": @RateLimited cost " + (settings.costs() == null ? "" : "\"" + settings.costs() + "\" ")
                + what;
    }

    /** What the caller gets whose call is not let through. */
    Throwable rejected(long retryAfterNanos, String why) {
        return rejection.make(
                allowed() + why + "; try again in " + shown(retryAfterNanos), Duration.ofNanos(retryAfterNanos), shown);
    }

    private String allowed() {
        RateSettings rate = limit.settings();
        Allowed known = allowed;
        if (known == null || !known.settings().equals(rate)) {
            known = new Allowed(rate, place + ": @RateLimited " + allows(rate));
            allowed = known;
        }
        return known.text();
    }

    private String allows(RateSettings rate) {
        StringBuilder text = new StringBuilder();
        if (!settings.name().isEmpty()) {
            text.append('"').append(settings.name()).append("\" ");
        }
        text.append("allows ").append(rate.permits()).append(" per ").append(DurationText.text(rate.perNanos()));
        if (rate.algorithm() == Algorithm.TOKEN_BUCKET && rate.capacity() != rate.permits()) {
            text.append(", at most ").append(rate.capacity()).append(" at once");
        }
        if (settings.key() != null) {
            text.append(", for each ").append(settings.key());
        }
        return text.toString();
    }

    /** To the millisecond, rounded up, so that whoever waits so long does not come too early. */
    private static String shown(long nanos) {
        long millis = Math.min(Long.MAX_VALUE / 1_000_000, (nanos - 1) / 1_000_000 + 1);
        return DurationText.text(Math.max(1, millis) * 1_000_000);
    }
}
