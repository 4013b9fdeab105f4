package dev.holdfast.definition.notify;

import dev.holdfast.Severity;
import dev.holdfast.When;
import dev.holdfast.definition.AnnotationReader;
import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.FailureTypes;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import dev.holdfast.definition.TypeUse;
import dev.holdfast.definition.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads {@code @NotifyOnFailure}. Stateless. */
public final class NotifyReader implements AnnotationReader<NotifySettings> {

    /** Each failure is remembered until there were so many. */
    public static final int MOST_AFTER = 10_000;

    /** What may be the name of a channel; it is part of a key, of the name of a variable and of that of a file. */
    public static final String CHANNEL = "1 to 64 letters, digits, '.', '-' or '_', beginning with a letter or digit";

    private static final String THROWABLE = "java.lang.Throwable";
    private static final Template.Variable FAILURE = new Template.Variable("failure", TypeUse.of(THROWABLE, 0));
    private static final long WITHIN_NANOS = 60_000_000_000L;

    @Override
    public String annotation() {
        return "NotifyOnFailure";
    }

    @Override
    public NotifySettings read(List<Attributes> given, MethodModel method, Names names) {
        List<Telling> tellings = new ArrayList<>();
        for (Attributes one : given) {
            tellings.add(read(one, method));
        }
        return new NotifySettings(tellings, method.parameterNames());
    }

    private static Telling read(Attributes given, MethodModel method) {
        return new Telling(
                FailureTypes.read(given, "on", List.of(THROWABLE), method),
                FailureTypes.read(given, "except", List.of(), method),
                channels(given),
                given.constant("when", When.class, When.FAILED),
                (int) given.integer("after", 1, 1, MOST_AFTER),
                within(given),
                given.constant("severity", Severity.class, Severity.ERROR),
                message(given, method),
                given.flag("arguments", false));
    }

    private static List<String> channels(Attributes given) {
        List<String> channels = new ArrayList<>();
        for (String name : given.texts("channels", List.of())) {
            if (!isChannel(name)) {
                given.fault("channels", "must name channels, each " + CHANNEL + "; was \"" + name + "\"");
            } else if (channels.contains(name)) {
                given.fault("channels", "names \"" + name + "\" twice; expected: once");
            } else {
                channels.add(name);
            }
        }
        return channels;
    }

    /** Whether a channel can be called so. */
    public static boolean isChannel(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && (i == 0 || (c != '.' && c != '-' && c != '_'))) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= 64;
    }

    private static long within(Attributes given) {
        Long nanos = given.duration("within", "1m", 1);
        if (nanos == null && given.text("within", "1m").isEmpty()) {
            given.fault("within", "must be " + DurationText.FORM + ", was \"\"");
        }
        return nanos == null ? WITHIN_NANOS : nanos;
    }

    private static @Nullable Template message(Attributes given, MethodModel method) {
        String text = given.text("message", "");
        if (text.isEmpty()) {
            return null;
        }
        Supplier<Optional<Template>> read = () -> Optional.ofNullable(
                Template.read(text, method, List.of(FAILURE), fault -> given.fault("message", fault)));
        return given.known("message", Optional.<Template>empty(), read).orElse(null);
    }

    @Override
    public String summary(NotifySettings settings) {
        List<String> tellings = new ArrayList<>();
        for (Telling telling : settings.tellings()) {
            tellings.add(summary(telling));
        }
        return String.join("; ", tellings);
    }

    private static String summary(Telling telling) {
        StringBuilder text = new StringBuilder("on ").append(simple(telling.on()));
        if (!telling.except().isEmpty()) {
            text.append(" except ").append(simple(telling.except()));
        }
        if (telling.when() == When.UNRECOVERED) {
            text.append(" that nothing recovered from");
        } else if (telling.when() == When.EVERY_ATTEMPT) {
            text.append(" of every attempt");
        }
        if (telling.after() > 1) {
            text.append(", from number ").append(telling.after()).append(" within ");
            text.append(DurationText.text(telling.withinNanos()));
        }
        text.append(": tells ");
        text.append(
                telling.channels().isEmpty()
                        ? "the channels of holdfast.notify"
                        : String.join(", ", telling.channels()));
        text.append(" as ").append(telling.severity());
        return telling.arguments() ? text.append(", with arguments").toString() : text.toString();
    }

    private static String simple(List<String> names) {
        List<String> simple = new ArrayList<>();
        for (String name : names) {
            simple.add(name.substring(name.lastIndexOf('.') + 1).replace('$', '.'));
        }
        return String.join(", ", simple);
    }
}
