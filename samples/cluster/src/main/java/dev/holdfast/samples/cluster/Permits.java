package dev.holdfast.samples.cluster;

import dev.holdfast.samples.cluster.Faults.Outage;
import java.util.List;

/**
 * Whether permits were granted as a token bucket grants them: in any time W at most {@code burst + rate·W}. Each is poured into a bucket that leaks at
 * the rate; the bucket then is as full as the worst W that ends there, and never fuller than the burst. Pure.
 */
final class Permits {

    private Permits() {}

    /**
     * How full it was at its fullest, where no outage is within reach.
     *
     * @param micros when each was granted, in order
     * @param outages times that are left out
     */
    static double fullest(List<Long> micros, double perSecond, List<Outage> outages) {
        double full = 0;
        double fullest = 0;
        long before = Long.MIN_VALUE;
        for (long now : micros) {
            if (outages.stream().anyMatch(outage -> outage.fromMicros() <= now && now <= outage.toMicros())) {
                full = 0;
                before = Long.MIN_VALUE;
                continue;
            }
            double leaked = before == Long.MIN_VALUE ? full : perSecond * (now - before) / 1e6;
            full = Math.max(0, full - leaked) + 1;
            fullest = Math.max(fullest, full);
            before = now;
        }
        return fullest;
    }
}
