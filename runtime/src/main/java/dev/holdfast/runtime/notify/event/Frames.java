package dev.holdfast.runtime.notify.event;

import java.util.ArrayList;
import java.util.List;

/** Stack frames as they are told: as the application's authors wrote their code, without what Holdfast put between. Pure. */
public final class Frames {

    /** Of the failure itself; what called the method is of less interest the farther it is. */
    private static final int MOST_TOLD = 100;

    private static final int MOST_OWN = 8;

    private static final String BODY = "$holdfast";

    private Frames() {}

    /** The frames, each as in {@code com.acme.Quotes.quote(Quotes.java:12)}. */
    public static List<String> told(StackTraceElement[] trace) {
        List<String> told = new ArrayList<>();
        for (StackTraceElement frame : written(trace)) {
            if (told.size() < MOST_TOLD) {
                told.add(text(frame));
            }
        }
        return told;
    }

    /** The frames without ours, and of a woven method one in place of two: between them there may be ours, or nothing. */
    private static List<StackTraceElement> written(StackTraceElement[] trace) {
        List<StackTraceElement> written = new ArrayList<>();
        StackTraceElement inner = null;
        for (StackTraceElement frame : trace) {
            if (isHoldfast(frame)) {
                continue;
            }
            if (inner == null || !isWrapperOf(frame, inner)) {
                written.add(frame);
            }
            inner = frame;
        }
        return written;
    }

    private static boolean isHoldfast(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.startsWith("dev.holdfast.runtime.")
                || type.startsWith("dev.holdfast.bridge.")
                || type.equals("java.lang.HoldfastSite");
    }

    private static boolean isWrapperOf(StackTraceElement frame, StackTraceElement inner) {
        return inner.getClassName().equals(frame.getClassName())
                && inner.getMethodName().equals(frame.getMethodName().concat(BODY));
    }

    private static String text(StackTraceElement frame) {
        String file = frame.getFileName();
        String line = frame.isNativeMethod()
                ? "Native Method"
                : file == null
                        ? "Unknown Source"
                        : frame.getLineNumber() < 0 ? file : file + ":" + frame.getLineNumber();
        return frame.getClassName() + "." + plain(frame.getMethodName()) + "(" + line + ")";
    }

    private static String plain(String method) {
        return method.endsWith(BODY) ? method.substring(0, method.length() - BODY.length()) : method;
    }

    /** The innermost frames that are the application's own and bear a name that somebody gave, by class and method. */
    static List<String> own(StackTraceElement[] trace) {
        List<String> own = new ArrayList<>();
        for (StackTraceElement frame : written(trace)) {
            String type = frame.getClassName();
            if (own.size() < MOST_OWN && !isOfTheJdk(type) && !isGenerated(type, frame.getMethodName())) {
                own.add(type + "." + plain(frame.getMethodName()));
            }
        }
        return own;
    }

    private static boolean isOfTheJdk(String type) {
        return type.startsWith("java.")
                || type.startsWith("javax.")
                || type.startsWith("jdk.")
                || type.startsWith("sun.")
                || type.startsWith("com.sun.");
    }

    private static boolean isGenerated(String type, String method) {
        return method.startsWith("lambda$")
                || method.startsWith("access$")
                || type.contains("$$")
                || type.contains("$Proxy")
                || type.indexOf('/') >= 0;
    }
}
