package dev.holdfast.runtime.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attempt that finds a session by an id that was good before, when there is no client any more who could be told of another one. Immutable. */
final class Afterwards implements HttpSide {

    private final List<String> ids;

    /** @param ids those that it may have had, in that order */
    Afterwards(List<String> ids) {
        this.ids = ids;
    }

    @Override
    public @Nullable OpenSession around() {
        return null;
    }

    @Override
    public List<String> cookies(String name) {
        return ids;
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public boolean hasBegun() {
        return true;
    }

    /** The client may keep what stands for nothing any more. */
    @Override
    public void setCookie(String name, String header) {}

    @Override
    public @Nullable Object[] everything(OpenSession session) {
        throw new UnsupportedOperationException("there is no method");
    }

    @Override
    public void release() {}

    @Override
    public void discard() {}
}
