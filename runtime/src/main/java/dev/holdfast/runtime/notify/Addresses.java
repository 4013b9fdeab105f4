package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.notify.channel.Address;
import dev.holdfast.runtime.notify.channel.ChannelType;
import dev.holdfast.runtime.notify.channel.ChannelTypes;
import dev.holdfast.runtime.notify.channel.Home;
import dev.holdfast.runtime.notify.channel.RedisChannel;
import dev.holdfast.runtime.notify.channel.UserChannel;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the channels are, as the configuration has it now. What is not configured, or faulty, is told once, and its events go to the log: the
 * program is unharmed, and they are not lost.
 *
 * <p>Thread-safe.
 */
final class Addresses implements Delivery.Ways {

    /** The channel where none is named. */
    static final String LOG = "log";

    private static final List<String> TO_THE_LOG = List.of(LOG);

    private static final String TO_LOG = "log:";

    private final Supplier<Settings> settings;

    /** Of the application; what they see may have channels of its own. */
    private final Set<ClassLoader> loaders =
            Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

    private final AtomicInteger seen = new AtomicInteger();

    /** What channels were given last. */
    private final Map<String, String> last = new ConcurrentHashMap<>();

    private final Set<String> complained = ConcurrentHashMap.newKeySet();

    /** As last looked up, for threads that fail have no time to. Immutable, so a race for it costs another look. */
    private @Nullable Usual usual;

    /** The channels where none is named, in those settings. */
    private record Usual(Settings settings, List<String> channels) {}

    Addresses(Supplier<Settings> settings) {
        this.settings = settings;
    }

    /** Looks for the application's own channels in that loader, too. */
    void see(@Nullable ClassLoader loader) {
        if (loader != null && loaders.add(loader)) {
            seen.incrementAndGet();
            Home.see(loader);
        }
    }

    /** Says so if one of the channels that an annotation names has no address, before there is anything to tell. */
    void expect(List<String> names) {
        for (String name : names) {
            if (!isKnown(name)) {
                complainOfMissing(name);
            }
        }
    }

    /** Whether the channel has an address. */
    boolean isKnown(String name) {
        return name.equals(LOG) || settings.get().channel(name) != null;
    }

    private void complainOfMissing(String name) {
        complain(
                name,
                "has no address, and what it is to tell goes to the log; set holdfast.channel." + name
                        + "=<URI>, of one of these: " + ChannelTypes.schemes());
    }

    /** The channels where an annotation names none. */
    List<String> usual() {
        Settings current = settings.get();
        Usual known = usual;
        if (known == null || known.settings() != current) {
            List<String> named = current.get(Keys.NOTIFY);
            known = new Usual(current, named.isEmpty() ? TO_THE_LOG : named);
            usual = known;
        }
        return known.channels();
    }

    @Override
    public long digestMillis() {
        return Math.max(1, settings.get().get(Keys.NOTIFY_DIGEST) / 1_000_000);
    }

    @Override
    public String of(String name) {
        String given = settings.get().channel(name);
        if (given != null) {
            last.put(name, given);
            return given;
        }
        String before = last.get(name);
        if (before != null) {
            complain(
                    name,
                    "is gone from the configuration, but events may wait for it, so the address that it had stays until the"
                            + " next start; to have them in the log, set it to " + TO_LOG);
            return before;
        }
        if (!name.equals(LOG)) {
            complainOfMissing(name);
        }
        return TO_LOG;
    }

    @Override
    public Delivery.Opened open(String name, String uri) {
        List<String> faults = ChannelTypes.faults(uri);
        for (String fault : faults) {
            complain(name, fault + "; until then it goes to the log");
        }
        if (!faults.isEmpty()) {
            return log();
        }
        Address address = Address.of(uri);
        ChannelType type = ChannelTypes.own(address.scheme());
        if (type == null) {
            return new Delivery.Opened(new UserChannel(address.scheme(), uri, new Seen(name), log().channel()), false);
        }
        if (!RedisChannel.isShared(address)) {
            return new Delivery.Opened(type.open(address), type.isForPeople());
        }
        RedisAddress shared = settings.get().find(Keys.REDIS);
        if (shared == null) {
            complain(
                    name,
                    "is in the Redis of " + Keys.REDIS + ", which is not set, and goes to the log; set that, or name a"
                            + " host");
            return log();
        }
        return new Delivery.Opened(RedisChannel.in(shared, address), false);
    }

    private static Delivery.Opened log() {
        ChannelType log = ChannelTypes.own(LOG);
        if (log == null) {
            throw new IllegalStateException("there is always a log");
        }
        return new Delivery.Opened(log.open(Address.of(TO_LOG)), false);
    }

    private void complain(String name, String what) {
        String message = "holdfast.channel." + name + " " + what;
        if (complained.size() < 1_000 && complained.add(message)) {
            Log.later(Level.ERROR, Home.loader(), message, null);
        }
    }

    /** The applications, for one channel. */
    private final class Seen implements UserChannel.Applications {

        private final String name;

        Seen(String name) {
            this.name = name;
        }

        @Override
        public List<ClassLoader> loaders() {
            List<ClassLoader> all;
            synchronized (loaders) {
                all = new ArrayList<>(loaders);
            }
            all.add(ClassLoader.getSystemClassLoader());
            return all;
        }

        @Override
        public int seen() {
            return seen.get();
        }

        @Override
        public void complain(String what) {
            Addresses.this.complain(name, what);
        }
    }
}
