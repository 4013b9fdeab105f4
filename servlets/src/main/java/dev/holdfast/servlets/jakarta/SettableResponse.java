package dev.holdfast.servlets.jakarta;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A response whose status and headers can be set for some time. After that nothing comes of it, as the specification says of one that is committed: code behind a redirect may go on to set what
 * would belong to a page.
 */
abstract class SettableResponse extends HttpServletResponseWrapper {

    static final String CONTENT_LENGTH = "Content-Length";

    SettableResponse(HttpServletResponse response) {
        super(response);
    }

    /** Whether that can be done now. */
    abstract boolean isSettable();

    /** A length of the body was said; null for none. */
    abstract void lengthIs(@Nullable String text);

    @Override
    public void setStatus(int status) {
        if (isSettable()) {
            super.setStatus(status);
        }
    }

    /** Of servlets before 6.0. */
    @Override
    @Deprecated
    public void setStatus(int status, @Nullable String message) {
        if (isSettable()) {
            super.setStatus(status, message);
        }
    }

    @Override
    public void addCookie(Cookie cookie) {
        if (isSettable()) {
            super.addCookie(cookie);
        }
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (isSettable()) {
            super.setHeader(name, value);
            isSaid(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (isSettable()) {
            super.addHeader(name, value);
            isSaid(name, value);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        if (isSettable()) {
            super.setIntHeader(name, value);
            isSaid(name, String.valueOf(value));
        }
    }

    @Override
    public void addIntHeader(String name, int value) {
        if (isSettable()) {
            super.addIntHeader(name, value);
            isSaid(name, String.valueOf(value));
        }
    }

    @Override
    public void setDateHeader(String name, long date) {
        if (isSettable()) {
            super.setDateHeader(name, date);
        }
    }

    @Override
    public void addDateHeader(String name, long date) {
        if (isSettable()) {
            super.addDateHeader(name, date);
        }
    }

    @Override
    public void setContentLength(int bytes) {
        if (isSettable()) {
            super.setContentLength(bytes);
            lengthIs(String.valueOf(bytes));
        }
    }

    @Override
    public void setContentLengthLong(long bytes) {
        if (isSettable()) {
            super.setContentLengthLong(bytes);
            lengthIs(String.valueOf(bytes));
        }
    }

    @Override
    public void setContentType(@Nullable String type) {
        if (isSettable()) {
            super.setContentType(type);
        }
    }

    @Override
    public void setCharacterEncoding(@Nullable String name) {
        if (isSettable()) {
            super.setCharacterEncoding(name);
        }
    }

    /** Of servlets from 6.1 on. */
    public void setCharacterEncoding(@Nullable Charset charset) {
        setCharacterEncoding(charset == null ? null : charset.name());
    }

    @Override
    public void setLocale(@Nullable Locale locale) {
        if (isSettable()) {
            super.setLocale(locale);
        }
    }

    private void isSaid(String header, @Nullable String value) {
        if (CONTENT_LENGTH.equalsIgnoreCase(header)) {
            lengthIs(value);
        }
    }
}
