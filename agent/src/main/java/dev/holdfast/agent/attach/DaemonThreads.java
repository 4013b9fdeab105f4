package dev.holdfast.agent.attach;

/** Makes the agent's threads such that nothing of the program that happens to start them clings to them. */
final class DaemonThreads {

    private DaemonThreads() {}

    /**
     * A daemon in the root thread group, without inherited thread locals, its context class loader the agent's own.
     *
     * @param name begins with {@code holdfast-}
     */
    static Thread unstarted(String name, Runnable task) {
        Thread thread = new Thread(rootGroup(), task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
        return thread;
    }

    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        return group;
    }
}
