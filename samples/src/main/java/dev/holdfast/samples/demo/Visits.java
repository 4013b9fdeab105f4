package dev.holdfast.samples.demo;

import dev.holdfast.samples.demo.Shop.Answer;
import dev.holdfast.samples.demo.Shop.Outcome;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What came of some customers.
 *
 * @param asked how often the market was asked meanwhile
 * @param nanos how long all of it took
 */
record Visits(List<Answer> answers, long asked, long nanos) {

    int customers() {
        return answers.size();
    }

    long count(Outcome outcome) {
        return answers.stream().filter(answer -> answer.outcome() == outcome).count();
    }

    boolean all(Outcome outcome) {
        return count(outcome) == customers();
    }

    double seconds() {
        return nanos / 1e9;
    }

    /** Of the times that the service took to find a price. */
    double medianMicros() {
        double[] sorted = answers.stream().mapToDouble(Answer::micros).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Of the same. */
    double longestMicros() {
        return answers.stream().mapToDouble(Answer::micros).max().orElse(0);
    }

    /** As in {@code 6 customers: 6 got the last known price; the market was asked 10 times; 0.6 s}. */
    @Override
    public String toString() {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        Arrays.stream(Outcome.values()).forEach(outcome -> counts.put(outcome, count(outcome)));
        StringJoiner got = new StringJoiner(", ");
        counts.forEach((outcome, count) -> {
            if (count > 0) {
                got.add(count + " got " + outcome);
            }
        });
        return String.format(
                Locale.ROOT,
                "%s: %s; the market was asked %s; %.1f s",
                customers() == 1 ? "1 customer" : customers() + " customers",
                got,
                asked == 1 ? "once" : asked + " times",
                seconds());
    }
}
