package dev.holdfast.runtime;

import dev.holdfast.bridge.HoldfastSite;
import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Overridable;
import dev.holdfast.runtime.settings.Rule;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.settings.SettingsWatch;
import dev.holdfast.runtime.time.Time;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the agent calls, by name and with types of the JDK alone, as the two are built without sight of each other. Lambdas are
 * kept out of the start: the first one of a program costs it milliseconds.
 */
public final class Entry {

    private static volatile @Nullable Started started;

    /** What the watched file has changed the settings to; null if it has not. */
    private static volatile @Nullable Settings current;

    private record Started(Settings settings, Linker linker) {}

    private Entry() {}

    /**
     * Reads the configuration and takes over the linking of sites.
     *
     * @throws IllegalArgumentException if the configuration is invalid; the message is ready to print
     */
    public static void start(Map<String, String> systemProperties, Map<String, String> environment) {
        Settings settings = Settings.read(systemProperties, environment, new Rooms());
        Log.level(settings.get(Keys.LOG));
        for (String warning : settings.warnings()) {
            Log.later(Level.WARN, ClassLoader.getSystemClassLoader(), warning, null);
        }
        Linker linker = new Linker(settings, new SystemLayers());
        started = new Started(settings, linker);
        if (settings.get(Keys.ENABLED)) {
            HoldfastSite.linkBy(linker);
            SettingsWatch.start(Time.SYSTEM, settings, new Change(linker));
        }
    }

    /** Whether anything shall be woven. */
    public static boolean enabled() {
        return started().settings().get(Keys.ENABLED);
    }

    /** Where Redis is, without its password; empty if there is none. */
    public static String redis() {
        RedisAddress address = started().settings().find(Keys.REDIS);
        return address == null ? "" : address.toString();
    }

    /** Which classes shall be woven, by binary name. */
    public static Predicate<String> weaves() {
        return started().settings().get(Keys.WEAVE);
    }

    /** Logs an error if the definition of a woven method is invalid, once per method. Does not throw. */
    public static void check(Class<?> type, String method, String descriptor, String definition) {
        started().linker().check(type, method, descriptor, definition);
    }

    /**
     * Logs, a moment later where the application's logging must not be woken now. Does not throw.
     *
     * @param level error, warn, info or debug
     * @param loader whose logging is used if it has one; null for the standard error stream
     */
    public static void log(String level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        Level known = Level.of(level);
        Log.later(known == null ? Level.ERROR : known, loader, message, cause);
    }

    /** Those in force now. */
    static Settings settings() {
        Settings changed = current;
        return changed == null ? started().settings() : changed;
    }

    private static Started started() {
        Started now = started;
        if (now == null) {
            throw new IllegalStateException("not started");
        }
        return now;
    }

    /** Wakes the rooms only if there is an override or a channel to check. */
    private static final class Rooms implements Overridable {

        @Override
        public Map<String, Map<String, Rule<?>>> attributes() {
            return Layers.system().attributes();
        }

        @Override
        public Map<String, String> nested() {
            return Layers.system().nested();
        }

        @Override
        public List<String> channelFaults(String uri, boolean sharedRedis) {
            return Layers.system().channelFaults(uri, sharedRedis);
        }
    }

    /** Wakes the rooms when the first definition is read. */
    private static final class SystemLayers implements Supplier<Layers> {

        @Override
        public Layers get() {
            return Layers.system();
        }
    }

    private static final class Change implements Consumer<Settings> {

        private final Linker linker;

        Change(Linker linker) {
            this.linker = linker;
        }

        @Override
        public void accept(Settings changed) {
            linker.change(changed);
            current = changed;
            Log.level(changed.get(Keys.LOG));
        }
    }
}
