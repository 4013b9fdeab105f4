package dev.holdfast.servlets.jakarta;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The shared session as an {@link HttpSession}. It has the methods of all versions of that, by name: older ones have some that were removed since, with
 * a type that is no more. So it is a proxy that implements the interface, whatever is in there.
 *
 * <p>Whoever listens is told at once and on this thread, as a container does it: values first that they are bound, then the application's listeners, then the values that were bound
 * before.
 *
 * <p>It may be kept beyond the call, as code does that has no request. Then each of its methods finds the session anew by its id, and what it does is saved at once.
 *
 * <p>Thread-safe, as the session is.
 */
final class SessionView implements InvocationHandler {

    /** By the interface's methods, those of this class. */
    private static final Map<Method, Method> OWN = new ConcurrentHashMap<>();

    /** What is known without the session. */
    private static final Set<String> OF_THE_OBJECT =
            Set.of("getId", "getServletContext", "getSessionContext", "equals", "hashCode", "toString");

    private final Operations session;
    private final @Nullable ServletContext context;
    private final HttpSession proxy;
    private final AtomicBoolean ending = new AtomicBoolean();

    /** Values that are active here, as they were set or have been told so. */
    private final Set<Object> active = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    private volatile @Nullable Listeners listeners;
    private volatile boolean ended;
    private volatile @Nullable String idAtEnd;
    private volatile @Nullable Integer idleAtEnd;

    SessionView(Operations session, @Nullable ServletContext context) {
        this.session = session;
        this.context = context;
        this.proxy = (HttpSession)
                Proxy.newProxyInstance(SessionView.class.getClassLoader(), new Class<?>[] {HttpSession.class}, this);
    }

    HttpSession asSession() {
        return proxy;
    }

    /** Whether it was invalidated. */
    boolean isEnded() {
        return ended;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Method own = OWN.get(method);
        if (own == null) {
            try {
                own = SessionView.class.getMethod(method.getName(), method.getParameterTypes());
            } catch (NoSuchMethodException newer) {
                return method.getName().equals("getAccessor")
                        ? accessor(method.getReturnType())
                        : InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            OWN.put(method, own);
        }
        return call(own, arguments);
    }

    private @Nullable Object call(Method own, @Nullable Object @Nullable [] arguments) throws Throwable {
        boolean isOfTheObject = ended || OF_THE_OBJECT.contains(own.getName());
        if (isOfTheObject || !session.isOver()) {
            try {
                return own.invoke(this, arguments);
            } catch (InvocationTargetException thrown) {
                boolean hasEndedMeanwhile = !isOfTheObject
                        && !ended
                        && thrown.getCause() instanceof IllegalStateException
                        && session.isOver();
                if (!hasEndedMeanwhile) {
                    throw thrown.getCause();
                }
            }
        }
        return afterwards(found -> {
            try {
                return own.invoke(found, arguments);
            } catch (InvocationTargetException thrown) {
                if (thrown.getCause() instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown.getCause(); // the interface declares no others
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
    }

    /** Does something with the session as it is stored, now that the call is over. */
    private @Nullable Object afterwards(Function<SessionView, @Nullable Object> work) {
        AtomicReference<@Nullable SessionView> last = new AtomicReference<>();
        Object result = session.afterwards(found -> {
            SessionView view = new SessionView(found, context);
            last.set(view);
            return work.apply(view);
        });
        SessionView view = last.get();
        if (view != null && view.ended) {
            idAtEnd = view.idAtEnd;
            idleAtEnd = view.idleAtEnd;
            ended = true;
        }
        return result;
    }

    /** Of servlets from 6.1 on. What it leads to is the session of the call while that is under way, and what is stored of it later. */
    private Object accessor(Class<?> type) {
        session(); // refuses where there is none
        return Proxy.newProxyInstance(
                SessionView.class.getClassLoader(), new Class<?>[] {type}, (accessor, method, arguments) -> {
                    switch (method.getName()) {
                        case "access" -> {
                            @SuppressWarnings("unchecked") // which is what it takes
                            Consumer<HttpSession> work = (Consumer<HttpSession>) arguments[0];
                            access(work);
                            return null;
                        }
                        case "equals" -> {
                            return accessor == arguments[0];
                        }
                        case "hashCode" -> {
                            return System.identityHashCode(accessor);
                        }
                        case "toString" -> {
                            return "access to " + this;
                        }
                        default -> {
                            return InvocationHandler.invokeDefault(accessor, method, arguments);
                        }
                    }
                });
    }

    private void access(Consumer<HttpSession> work) {
        if (ended || !session.isOver()) {
            session();
            work.accept(proxy);
            return;
        }
        afterwards(found -> {
            found.session();
            work.accept(found.proxy);
            if (!found.ended) {
                found.passivate();
            }
            return null;
        });
    }

    private Operations session() {
        if (ended || !session.exists()) {
            throw new IllegalStateException("the session was invalidated");
        }
        return session;
    }

    public String getId() {
        String last = idAtEnd;
        return last == null ? session.id() : last;
    }

    public @Nullable ServletContext getServletContext() {
        return context;
    }

    public long getCreationTime() {
        return session().createdAt().toEpochMilli();
    }

    public long getLastAccessedTime() {
        return session().lastUsedAt().toEpochMilli();
    }

    public boolean isNew() {
        return session().isNew();
    }

    public int getMaxInactiveInterval() {
        Integer last = idleAtEnd;
        return last == null ? session.idle() : last;
    }

    /** Of one that was invalidated it may be set, as in containers: an exception would undo the logout that it comes behind. */
    public void setMaxInactiveInterval(int seconds) {
        if (!ended && session.exists()) {
            session.idle(seconds);
        }
    }

    public @Nullable Object getAttribute(String name) {
        Object value = session().get(name);
        if (value instanceof HttpSessionActivationListener listener && active.add(value)) {
            tell(() -> listener.sessionDidActivate(new HttpSessionEvent(proxy)));
        }
        return value;
    }

    /** It is about to be saved, from where the next call gets other objects. */
    void passivate() {
        for (Object value : active.toArray()) {
            active.remove(value);
            HttpSessionActivationListener listener = (HttpSessionActivationListener) value;
            tell(() -> listener.sessionWillPassivate(new HttpSessionEvent(proxy)));
        }
    }

    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(session().names());
    }

    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            removeAttribute(name);
            return;
        }
        Operations session = session();
        Object before = session.get(name);
        session.set(name, value);
        if (before != null) {
            active.remove(before);
        }
        if (value instanceof HttpSessionActivationListener) {
            active.add(value);
        }
        if (value != before) {
            bound(name, value);
        }
        for (HttpSessionAttributeListener listener : listening(HttpSessionAttributeListener.class)) {
            if (before == null) {
                tell(() -> listener.attributeAdded(new HttpSessionBindingEvent(proxy, name, value)));
            } else {
                tell(() -> listener.attributeReplaced(new HttpSessionBindingEvent(proxy, name, before)));
            }
        }
        if (value != before) {
            unbound(name, before);
        }
    }

    public void removeAttribute(String name) {
        Operations session = session();
        Object before = session.get(name);
        session.remove(name);
        removed(name, before);
    }

    private void removed(String name, @Nullable Object value) {
        if (value == null) {
            return;
        }
        active.remove(value);
        unbound(name, value);
        for (HttpSessionAttributeListener listener : listening(HttpSessionAttributeListener.class)) {
            tell(() -> listener.attributeRemoved(new HttpSessionBindingEvent(proxy, name, value)));
        }
    }

    /** Whoever listens is told first, and may still ask for what the session has, as the specification says. */
    public void invalidate() {
        Operations session = session();
        if (!ending.compareAndSet(false, true)) {
            return; // by a listener that is told of it
        }
        try {
            end(session);
        } finally {
            ending.set(ended); // who was told that it has failed may try again
        }
    }

    private void end(Operations session) {
        List<HttpSessionListener> lastFirst = listening(HttpSessionListener.class);
        Collections.reverse(lastFirst);
        for (HttpSessionListener listener : lastFirst) {
            tell(() -> listener.sessionDestroyed(new HttpSessionEvent(proxy)));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name : session.names()) {
            Object value = session.get(name);
            if (value != null) {
                values.put(name, value);
            }
        }
        values.forEach(this::removed);
        idAtEnd = session.id();
        idleAtEnd = session.idle();
        session.invalidate();
        ended = true;
    }

    /** It was made just now. */
    void created() {
        for (HttpSessionListener listener : listening(HttpSessionListener.class)) {
            tell(() -> listener.sessionCreated(new HttpSessionEvent(proxy)));
        }
    }

    /** It has another id now. */
    void idChanged(String before) {
        for (HttpSessionIdListener listener : listening(HttpSessionIdListener.class)) {
            tell(() -> listener.sessionIdChanged(new HttpSessionEvent(proxy), before));
        }
    }

    private <T> List<T> listening(Class<T> type) {
        Listeners known = listeners;
        if (known == null) {
            known = Listeners.of(context, session::deaf);
            listeners = known;
        }
        return known.of(type);
    }

    /** One that fails keeps nobody else from hearing, and no session from ending or being saved: it is the application's log that hears of it, as in Tomcat. */
    private void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException failed) {
            if (context != null) {
                context.log("a listener of the session has failed", failed);
            }
        }
    }

    private void bound(String name, Object value) {
        if (value instanceof HttpSessionBindingListener listener) {
            tell(() -> listener.valueBound(new HttpSessionBindingEvent(proxy, name, value)));
        }
    }

    private void unbound(String name, @Nullable Object value) {
        if (value instanceof HttpSessionBindingListener listener) {
            tell(() -> listener.valueUnbound(new HttpSessionBindingEvent(proxy, name, value)));
        }
    }

    // Of older versions.

    public @Nullable Object getValue(String name) {
        return getAttribute(name);
    }

    public String[] getValueNames() {
        return session().names().toArray(new String[0]);
    }

    public void putValue(String name, @Nullable Object value) {
        setAttribute(name, value);
    }

    public void removeValue(String name) {
        removeAttribute(name);
    }

    /** There is nothing in it, as always. */
    public @Nullable Object getSessionContext() {
        return null;
    }

    // Of every object, by which it may be told from others. The id is none of them.

    @Override
    public boolean equals(@Nullable Object other) {
        return other == proxy;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "a session shared by Holdfast";
    }
}
