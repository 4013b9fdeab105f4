package dev.holdfast.samples.cluster;

import java.io.IOException;
import java.util.List;

/** Where failures of orders are told. What it has taken it keeps, also if it is killed. */
interface Broker extends AutoCloseable {

    /** As {@code holdfast.channel.orders} takes it. */
    String channel();

    /** What it is, for people. */
    String name();

    /** Ends it at once. */
    void kill();

    /** Begins to start it again, and returns at once. */
    void restart() throws IOException;

    void awaitReady() throws IOException, InterruptedException;

    /** All messages that it has, including those read before. */
    List<String> messages() throws IOException;

    @Override
    void close();
}
