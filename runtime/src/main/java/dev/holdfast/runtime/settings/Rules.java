package dev.holdfast.runtime.settings;

import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.NumberText;
import dev.holdfast.definition.notify.NotifyReader;
import dev.holdfast.runtime.redis.RedisAddress;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules that there are. */
final class Rules {

    private Rules() {}

    private static IllegalArgumentException refuse(Rule<?> rule, String text) {
        return new IllegalArgumentException("must be " + rule.form() + ", was " + Shown.quoted(text));
    }

    static final class Flag implements Rule<Boolean> {

        @Override
        public String form() {
            return "true or false";
        }

        @Override
        public Boolean read(String text) {
            if (text.equalsIgnoreCase("true")) {
                return true;
            }
            if (text.equalsIgnoreCase("false")) {
                return false;
            }
            throw refuse(this, text);
        }
    }

    static final class Choice<E extends Enum<E>> implements Rule<E> {

        private final E[] constants;

        Choice(Class<E> type) {
            constants = type.getEnumConstants();
        }

        @Override
        public String form() {
            List<String> choices = choices();
            StringBuilder form = new StringBuilder();
            for (int i = 0; i < choices.size(); i++) {
                form.append(i == 0 ? "" : i == choices.size() - 1 ? " or " : ", ")
                        .append(choices.get(i));
            }
            return form.toString();
        }

        @Override
        public E read(String text) {
            for (E constant : constants) {
                if (constant.name().equalsIgnoreCase(text)) {
                    return constant;
                }
            }
            throw refuse(this, text);
        }

        @Override
        public List<String> choices() {
            List<String> choices = new ArrayList<>();
            for (E constant : constants) {
                choices.add(Shown.lowerCase(constant.name()));
            }
            return choices;
        }
    }

    static final class WholeNumber implements Rule<Long> {

        private final long least;
        private final long most;

        WholeNumber(long least, long most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public String form() {
            boolean open = most >= Integer.MAX_VALUE;
            return "a whole number, " + least + (open ? " or more" : " to " + most);
        }

        @Override
        public Long read(String text) {
            try {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException noNumber) {
                throw (IllegalArgumentException) refuse(this, text).initCause(noNumber);
            }
            throw refuse(this, text);
        }
    }

    static final class Decimal implements Rule<Double> {

        private final double least;
        private final double most;

        Decimal(double least, double most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public String form() {
            return "a number, " + NumberText.range(least, most);
        }

        @Override
        public Double read(String text) {
            try {
                double number = Double.parseDouble(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException noNumber) {
                throw (IllegalArgumentException) refuse(this, text).initCause(noNumber);
            }
            throw refuse(this, text);
        }
    }

    static final class Duration implements Rule<Long> {

        private final long leastNanos;
        private final boolean orNone;

        Duration(long leastNanos, boolean orNone) {
            this.leastNanos = leastNanos;
            this.orNone = orNone;
        }

        @Override
        public String form() {
            return DurationText.FORM + (leastNanos > 0 ? ", above 0" : "") + (orNone ? ", or empty" : "");
        }

        @Override
        public Long read(String text) {
            if (orNone && text.isEmpty()) {
                return -1L;
            }
            long nanos = DurationText.nanos(text);
            if (nanos < leastNanos) {
                throw refuse(this, text);
            }
            return nanos;
        }
    }

    static final class ClassNames implements Rule<List<String>> {

        @Override
        public String form() {
            return "names of classes, separated by commas, as in java.io.IOException";
        }

        @Override
        public List<String> read(String text) {
            List<String> names = new ArrayList<>();
            if (text.isEmpty()) {
                return names;
            }
            for (String part : Shown.split(text, ',')) {
                String name = part.endsWith(".class") ? part.substring(0, part.length() - ".class".length()) : part;
                if (!WeavePatterns.isClassName(name)) {
                    throw refuse(this, text);
                }
                names.add(name);
            }
            return names;
        }
    }

    static final class Text implements Rule<String> {

        @Override
        public String form() {
            return "text";
        }

        @Override
        public String read(String text) {
            return text;
        }
    }

    static final class Patterns implements Rule<WeavePatterns> {

        @Override
        public String form() {
            return WeavePatterns.FORM;
        }

        @Override
        public WeavePatterns read(String text) {
            return WeavePatterns.of(text);
        }

        @Override
        public @Nullable String doubt(WeavePatterns patterns) {
            return patterns.doubt();
        }
    }

    static final class RedisUrl implements Rule<RedisAddress> {

        private final JdkModules modules;

        RedisUrl(JdkModules modules) {
            this.modules = modules;
        }

        @Override
        public String form() {
            return RedisAddress.FORM;
        }

        @Override
        public RedisAddress read(String text) {
            RedisAddress address = RedisAddress.of(text);
            // For the pool of connections, which could be watched by JMX.
            String fault = modules.fault(address.toString(), "java.management");
            if (!fault.isEmpty()) {
                throw new IllegalArgumentException(fault);
            }
            return address;
        }
    }

    static final class ChannelNames implements Rule<List<String>> {

        @Override
        public String form() {
            return "names of channels, separated by commas";
        }

        @Override
        public List<String> read(String text) {
            List<String> names = new ArrayList<>();
            for (String name : text.isEmpty() ? List.<String>of() : Shown.split(text, ',')) {
                if (!NotifyReader.isChannel(name)) {
                    throw refuse(this, text);
                }
                if (!names.contains(name)) {
                    names.add(name);
                }
            }
            return names;
        }
    }

    static final class FileName implements Rule<File> {

        @Override
        public String form() {
            return "the path of a file";
        }

        @Override
        public File read(String text) {
            if (text.isEmpty() || text.indexOf('\0') >= 0) {
                throw refuse(this, text);
            }
            return new File(text).getAbsoluteFile();
        }
    }
}
