package dev.holdfast.definition.ratelimit;

import dev.holdfast.Algorithm;
import dev.holdfast.definition.AnnotationReader;
import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code @RateLimited}. Stateless. */
public final class RateLimitReader implements AnnotationReader<RateLimitSettings> {

    @Override
    public String annotation() {
        return "RateLimited";
    }

    @Override
    public RateLimitSettings read(List<Attributes> given, MethodModel method, Names names) {
        List<LimitSettings> limits = new ArrayList<>();
        for (Attributes one : given) {
            LimitSettings limit = new LimitReading(one, method).read();
            String other = limit.name().isEmpty() ? null : definedOtherwise(limit, limits, method, names);
            limits.add(limit);
            if (other != null) {
                one.fault(
                        "name",
                        "\"" + limit.name() + "\" is defined otherwise by " + other
                                + "; expected: the same permits, per, burst, algorithm, scope and whenUnavailable and a key on"
                                + " both or on none, or another name");
            } else {
                tooMuchTogether(limits, limit, one);
            }
        }
        return new RateLimitSettings(limits);
    }

    /** Where the name stands for another limit, on this method or on another one; null if nowhere. */
    private static @Nullable String definedOtherwise(
            LimitSettings limit, List<LimitSettings> before, MethodModel method, Names names) {
        for (LimitSettings own : before) {
            if (own.name().equals(limit.name()) && !own.rate().equals(limit.rate())) {
                return method.place();
            }
        }
        return names.claim("limit", limit.name(), limit.rate(), method);
    }

    /** Of the same permits a method takes together what it takes of them. */
    private static void tooMuchTogether(List<LimitSettings> limits, LimitSettings last, Attributes given) {
        long cost = 0;
        int times = 0;
        for (LimitSettings limit : limits) {
            if (!limit.name().isEmpty()
                    && limit.name().equals(last.name())
                    && String.valueOf(limit.key()).equals(String.valueOf(last.key()))) {
                cost += Math.max(1, limit.cost()); // a computed one is no less
                times++;
            }
        }
        long capacity = last.rate().capacity();
        if (times > 1 && cost > capacity && last.rate().permits() > 0) {
            given.fault(
                    "name",
                    "\"" + last.name() + "\" stands here " + times + " times, and a call takes " + cost
                            + " of it, which has at most " + capacity
                            + "; no call would ever be let through; expected: one of them, or another name");
        }
    }

    @Override
    public String summary(RateLimitSettings settings) {
        List<String> limits = new ArrayList<>();
        for (LimitSettings limit : settings.limits()) {
            limits.add(summary(limit));
        }
        return String.join("; and ", limits);
    }

    private static String summary(LimitSettings limit) {
        RateSettings rate = limit.rate();
        StringBuilder text = new StringBuilder();
        text.append(rate.permits()).append(rate.permits() == 1 ? " permit per " : " permits per ");
        text.append(DurationText.text(rate.perNanos()));
        if (limit.key() != null) {
            text.append(" for each ").append(limit.key());
        }
        text.append(", ").append(algorithm(rate));
        if (limit.costs() != null) {
            text.append(", a call takes ").append(limit.costs());
        } else if (limit.cost() > 1) {
            text.append(", a call takes ").append(limit.cost());
        }
        if (limit.maxWaitNanos() > 0) {
            text.append(", waits up to ").append(DurationText.text(limit.maxWaitNanos()));
        }
        if (!limit.name().isEmpty()) {
            text.append(", shared as \"").append(limit.name()).append('"');
        }
        if (rate.cluster()) {
            text.append(", over the cluster, ").append(rate.whenUnavailable()).append(" without Redis");
        } else {
            text.append(", in this JVM");
        }
        return text.toString();
    }

    private static String algorithm(RateSettings rate) {
        return rate.algorithm() == Algorithm.TOKEN_BUCKET
                ? "TOKEN_BUCKET of " + rate.capacity()
                : rate.algorithm().name();
    }
}
