package dev.holdfast.samples.cluster;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Lets things go wrong, and puts them right again. One thread at a time injects; {@link #outages} and {@link #count} are for any. */
final class Faults {

    /** A time in which Redis was away, and a little more until each node has noticed that it is back; microseconds since the epoch. */
    record Outage(long fromMicros, long toMicros) {}

    private static final long NODE_MILLIS = 1_500;
    private static final long KILLED_MILLIS = 1_000;
    private static final long HANGING_MILLIS = 2_000;
    private static final long NOTICED_MICROS = 2_000_000;

    private static final List<Fault> EACH = List.of(Fault.NODE, Fault.REDIS_KILL, Fault.REDIS_HANG, Fault.BROKER);

    private final Stage stage;
    private final Ledger ledger;
    private final Consumer<String> told;
    private final List<Outage> outages = new CopyOnWriteArrayList<>();
    private int injected;

    /** The first is left alone: its memory and threads are looked at in the end. */
    private int next = 1;

    Faults(Stage stage, Ledger ledger, Consumer<String> told) {
        this.stage = stage;
        this.ledger = ledger;
        this.told = told;
    }

    List<Outage> outages() {
        return outages;
    }

    int count() {
        return injected;
    }

    /** Injects a fault twice in that time, one that can be had only once so often, and all of them one after the other. */
    void script(Fault fault, long seconds) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        if (fault != Fault.NONE) {
            TimeUnit.MILLISECONDS.sleep(seconds * 200);
        }
        switch (fault) {
            case NONE -> {}
            case BROKER -> inject(fault);
            case ALL -> {
                for (Fault one : List.of(Fault.BROKER, Fault.NODE, Fault.REDIS_KILL, Fault.REDIS_HANG)) {
                    if (one != Fault.REDIS_HANG || stage.redis().again()) {
                        inject(one);
                        TimeUnit.SECONDS.sleep(1);
                    }
                }
            }
            default -> {
                inject(fault);
                if (fault != Fault.NODE && !stage.redis().again()) {
                    return;
                }
                long left = begun + TimeUnit.MILLISECONDS.toNanos(seconds * 550) - System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
                inject(fault);
            }
        }
    }

    /** Injects faults at random for that long, each some seconds after the one before. */
    void soak(long seed, long seconds, long pauseMillis) throws IOException, InterruptedException {
        Random random = new Random(seed);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        // The last seconds are quiet, so that what was wrong shows.
        while (end - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(pauseMillis + 4_000)) {
            TimeUnit.MILLISECONDS.sleep(pauseMillis / 2 + random.nextLong(pauseMillis));
            Fault fault = EACH.get(random.nextInt(EACH.size()));
            boolean ofRedis = fault == Fault.REDIS_KILL || fault == Fault.REDIS_HANG;
            inject(ofRedis && !stage.redis().again() ? Fault.NODE : fault);
        }
    }

    void inject(Fault fault) throws IOException, InterruptedException {
        injected++;
        switch (fault) {
            case NODE -> node();
            case REDIS_KILL -> killRedis();
            case REDIS_HANG -> hangRedis();
            case BROKER -> broker();
            default -> throw new IllegalArgumentException(fault.toString());
        }
    }

    private void node() throws IOException, InterruptedException {
        Node node = stage.nodes().get(next);
        next = next % (Settings.NODES - 1) + 1;
        told.accept(node.name() + " is killed");
        ledger.kill(node.name());
        node.kill();
        Thread.sleep(NODE_MILLIS);
        node.start();
        node.awaitReady();
        told.accept(node.name() + " is back");
    }

    private void killRedis() throws IOException, InterruptedException {
        long from = micros();
        told.accept("Redis is killed");
        stage.redis().kill();
        Thread.sleep(KILLED_MILLIS);
        stage.redis().restart();
        told.accept("Redis is back");
        outages.add(new Outage(from, micros() + NOTICED_MICROS));
    }

    private void hangRedis() throws IOException, InterruptedException {
        long from = micros();
        told.accept("Redis hangs");
        stage.redis().hang();
        Thread.sleep(HANGING_MILLIS);
        stage.redis().resume();
        told.accept("Redis answers again");
        outages.add(new Outage(from, micros() + NOTICED_MICROS));
    }

    private void broker() throws IOException, InterruptedException {
        told.accept("the broker is killed");
        stage.broker().kill();
        Thread.sleep(KILLED_MILLIS);
        stage.broker().restart();
        told.accept("the broker is starting again");
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
