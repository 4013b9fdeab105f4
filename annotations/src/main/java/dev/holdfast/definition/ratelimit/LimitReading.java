package dev.holdfast.definition.ratelimit;

import dev.holdfast.Algorithm;
import dev.holdfast.Scope;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.TypeUse;
import dev.holdfast.definition.template.Template;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one {@code @RateLimited} of one method and finds all that is wrong with it. */
final class LimitReading {

    private static final String REDIS = "holdfast.redis";
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** The types of what a cost may be. */
    private static final Set<String> INTEGERS = Set.of(
            "byte", "short", "int", "long", "java.lang.Byte", "java.lang.Short", "java.lang.Integer", "java.lang.Long");

    private final Attributes given;
    private final MethodModel method;

    LimitReading(Attributes given, MethodModel method) {
        this.given = given;
        this.method = method;
    }

    LimitSettings read() {
        Template key = template("key", given.text("key", ""));
        boolean keyed = !given.text("key", "").isEmpty();
        RateSettings rate = rate(keyed);
        Long maxWait = given.duration("maxWait", "", 0);
        Cost cost = cost(rate);
        return new LimitSettings(
                given.text("name", ""), rate, key, cost.fixed(), cost.computed(), maxWait == null ? 0 : maxWait);
    }

    private RateSettings rate(boolean keyed) {
        Algorithm algorithm = given.constant("algorithm", Algorithm.class, Algorithm.TOKEN_BUCKET);
        long permits = given.integer("permits", 0, 1, Long.MAX_VALUE);
        long per = per(algorithm);
        long burst = given.integer("burst", 0, 0, Long.MAX_VALUE);
        if (burst != 0 && algorithm != Algorithm.TOKEN_BUCKET) {
            given.fault(
                    "burst", "= " + burst + " has no meaning for " + algorithm + "; expected: none, or TOKEN_BUCKET");
        }
        long capacity = burst == 0 || algorithm != Algorithm.TOKEN_BUCKET ? permits : burst;
        if (permits > 0) {
            tooLarge(algorithm, permits, per, capacity);
        }
        return new RateSettings(
                algorithm,
                permits,
                per,
                capacity,
                keyed,
                cluster(),
                given.constant("whenUnavailable", Unavailable.class, Unavailable.LOCAL_SHARE));
    }

    private long per(Algorithm algorithm) {
        Long nanos = given.duration("per", "1s", 1);
        if (nanos == null) {
            if (given.text("per", "1s").isEmpty()) {
                given.fault("per", "must be " + DurationText.FORM + ", was \"\"");
            }
            return SECOND_NANOS;
        }
        boolean isWindow = algorithm == Algorithm.FIXED_WINDOW || algorithm == Algorithm.SLIDING_WINDOW;
        if (isWindow && nanos % Exact.MILLI_NANOS != 0) {
            given.fault(
                    "per",
                    "of a window must be whole milliseconds, was \"" + given.text("per", "1s")
                            + "\"; expected: such a time, or TOKEN_BUCKET");
        }
        return nanos;
    }

    /** Better here than in the wrong count at the millionth call. */
    private void tooLarge(Algorithm algorithm, long permits, long per, long capacity) {
        if (!Exact.counts(algorithm, permits, per, capacity)) {
            given.fault((capacity != permits ? "burst = " + capacity + " with " : "") + "permits = " + permits + " per "
                    + DurationText.text(per)
                    + " are too large to be counted exactly; expected: smaller numbers; up to 1000000000"
                    + " permits in up to 20d always can be");
        }
    }

    private boolean cluster() {
        Scope scope = given.constant("scope", Scope.class, Scope.AUTO);
        Boolean redis = given.isConfigured(REDIS);
        if (scope == Scope.CLUSTER && Boolean.FALSE.equals(redis)) {
            given.fault(
                    "scope",
                    "CLUSTER needs a Redis, and there is no " + REDIS + "; expected: -D" + REDIS
                            + "=redis://host:6379, or scope AUTO or LOCAL");
        }
        return scope == Scope.CLUSTER || (scope == Scope.AUTO && Boolean.TRUE.equals(redis));
    }

    private record Cost(long fixed, @Nullable Template computed) {}

    private static final Cost ONE = new Cost(1, null);

    private Cost cost(RateSettings rate) {
        String text = given.text("cost", "1").strip();
        if (text.indexOf('{') < 0 && text.indexOf('}') < 0) {
            return fixed(text, rate);
        }
        Template template = template("cost", text);
        if (template == null) {
            return ONE;
        }
        TypeUse type = template.soleType();
        if (type == null) {
            given.fault("cost", "must be a whole number, or one hole and nothing beside it, was \"" + text + "\"");
            return ONE;
        }
        if (type.dimensions() > 0 || !INTEGERS.contains(type.name())) {
            given.fault(
                    "cost",
                    "\"" + text + "\" yields " + type.typeName()
                            + "; expected: what yields byte, short, int or long, or one of their boxes");
            return ONE;
        }
        return new Cost(0, template);
    }

    private Cost fixed(String text, RateSettings rate) {
        long cost;
        try {
            cost = Long.parseLong(text);
        } catch (NumberFormatException noNumber) {
            given.fault("cost", "must be a whole number, or one hole such as {batch.size}, was \"" + text + "\"");
            return ONE;
        }
        if (cost < 1) {
            given.fault("cost", "must be 1 or more, was " + cost);
            return ONE;
        }
        if (cost > rate.capacity() && rate.permits() > 0) {
            String most = rate.capacity() != rate.permits() ? "burst" : "permits";
            given.fault(
                    "cost",
                    "must be at most " + most + ", " + rate.capacity() + ", was " + cost
                            + "; no call would ever be let through");
            return ONE;
        }
        return new Cost(cost, null);
    }

    private @Nullable Template template(String name, String text) {
        if (text.isEmpty()) {
            return null;
        }
        Supplier<Optional<Template>> read =
                () -> Optional.ofNullable(Template.read(text, method, List.of(), fault -> given.fault(name, fault)));
        return given.known(name, Optional.<Template>empty(), read).orElse(null);
    }
}
