package dev.holdfast.agent.attach;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** Makes the agent's threads such that nothing of the program that happens to start them clings to them. */
final class DaemonThreads {

    private DaemonThreads() {}

    /**
     * A daemon in the root thread group, without inherited thread-locals, its context class loader the agent's own. It is made where
     * none of the program's classes are to be seen on the stack: until JDK 23 a thread remembers their protection domains, and with them
     * their loaders.
     *
     * @param name begins with {@code holdfast-}
     */
    static Thread unstarted(String name, Runnable task) {
        Thread thread = made(new Making(rootGroup(), task, name));
        thread.setDaemon(true);
        thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
        return thread;
    }

    @SuppressWarnings("removal") // where it will be gone there is nothing to be kept from
    private static Thread made(Making making) {
        try {
            return AccessController.doPrivileged(making);
        } catch (NoClassDefFoundError gone) {
            return making.run();
        }
    }

    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        return group;
    }

    private record Making(ThreadGroup group, Runnable task, String name) implements PrivilegedAction<Thread> {

        @Override
        public Thread run() {
            return new Thread(group, task, name, 0, false);
        }
    }
}
