package dev.holdfast.it.programs;

/** Threads of the programs. */
public final class Threads {

    private Threads() {}

    /** Starts a virtual one where there are some. */
    public static Thread start(Runnable task) throws ReflectiveOperationException {
        if (Runtime.version().feature() >= 21) {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        }
        Thread thread = new Thread(task);
        thread.start();
        return thread;
    }
}
