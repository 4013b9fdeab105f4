package dev.holdfast.runtime.notify.channel;

import dev.holdfast.runtime.time.DaemonThreads;

/** Threads of this room, by which its own failures are told apart. */
public final class SenderThreads {

    private static final String PREFIX = "holdfast-notify";

    private SenderThreads() {}

    /** Makes a daemon thread; does not start it. */
    public static Thread daemon(Runnable task, String name) {
        return DaemonThreads.unstarted(PREFIX + "-" + name, task);
    }

    static Thread daemon(Runnable task) {
        return daemon(task, "connection");
    }

    /** Whether the current thread is one of them: what fails on it is not to be told, or telling would never end. */
    public static boolean isOwn() {
        return Thread.currentThread().getName().startsWith(PREFIX);
    }
}
