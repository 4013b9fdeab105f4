package dev.holdfast.runtime.time;

/** Makes the runtime's threads such that nothing of the program that happens to start them clings to them. */
public final class DaemonThreads {

    private DaemonThreads() {}

    /**
     * A daemon in the root thread group, as another one may be destroyed by the program, without inherited thread-locals, its context class
     * loader the runtime's own.
     *
     * @param name begins with {@code holdfast-}
     */
    public static Thread unstarted(String name, Runnable task) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        Thread thread = new Thread(group, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
        return thread;
    }
}
