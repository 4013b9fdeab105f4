package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ratelimit.meter.Meters;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.util.function.Supplier;

/** Opens limits that all nodes share. */
public final class ClusterLimits implements Meters.Source {

    /**
     * In that time.
     *
     * @param settings those in force, asked for when the first limit is opened
     */
    public ClusterLimits(Time time, Supplier<Settings> settings) {}

    @Override
    public Meters open(String id, RateSettings settings) {
        throw new IllegalStateException("there are no limits over a cluster yet");
    }
}
