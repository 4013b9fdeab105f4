package dev.holdfast.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * What was measured of one library in one group. The machine may do other work meanwhile, which only ever adds time and now and then
 * adds a lot: so it goes by the median, which such iterations hardly move, and tells the spread by the middle half.
 *
 * @param cpuNanos that a call takes of a core, one figure for each iteration
 * @param clockNanos from the beginning of a call to its end, one for each iteration
 * @param bytes allocated by a call, one for each iteration
 */
record Figures(List<Double> cpuNanos, List<Double> clockNanos, List<Double> bytes) {

    double cpuNanosPerCall() {
        return quantile(cpuNanos, 0.5);
    }

    /** Half the width of the middle half of the iterations. */
    double spread() {
        return (quantile(cpuNanos, 0.75) - quantile(cpuNanos, 0.25)) / 2;
    }

    double clockNanosPerCall() {
        return quantile(clockNanos, 0.5);
    }

    double bytesPerCall() {
        return quantile(bytes, 0.5);
    }

    private static double quantile(List<Double> values, double part) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double place = part * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** Both together. */
    Figures and(Figures more) {
        return new Figures(
                joined(cpuNanos, more.cpuNanos), joined(clockNanos, more.clockNanos), joined(bytes, more.bytes));
    }

    private static List<Double> joined(List<Double> some, List<Double> others) {
        Double[] all = Arrays.copyOf(some.toArray(new Double[0]), some.size() + others.size());
        for (int i = 0; i < others.size(); i++) {
            all[some.size() + i] = others.get(i);
        }
        return List.of(all);
    }
}
