package dev.holdfast.runtime.time;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** Makes the runtime's threads such that nothing of the program that happens to start them clings to them. */
public final class DaemonThreads {

    private DaemonThreads() {}

    /**
     * A daemon in the root thread group, as another one may be destroyed by the program, without inherited thread-locals, its context class
     * loader the runtime's own.
     *
     * <p>Until JDK 23 a thread also remembers the protection domains of all classes that were on the stack when it was made, for
     * access control, and with them their loaders. A web application whose call happens to start a thread that stays would never be
     * unloaded; so it is made where only our own are to be seen.
     *
     * @param name begins with {@code holdfast-}
     */
    public static Thread unstarted(String name, Runnable task) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        Thread thread = made(new Making(group, task, name));
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

    private record Making(ThreadGroup group, Runnable task, String name) implements PrivilegedAction<Thread> {

        @Override
        public Thread run() {
            return new Thread(group, task, name, 0, false);
        }
    }
}
