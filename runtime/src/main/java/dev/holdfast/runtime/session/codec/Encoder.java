package dev.holdfast.runtime.session.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes one value. Not thread-safe. */
final class Encoder {

    static final String TOO_DEEP = "lies in itself, or is nested deeper than " + Form.MOST_DEPTH
            + "; expected: a value that contains neither itself nor so many others in each other";

    private final Types types;
    private final Serialization serialization;
    private final Output out;
    private final long most;
    private final boolean proves;

    /** An enum or a record, or a type of record with the names of its components: written once, and then by number. */
    private record Name(String name) {}

    /**
     * For one value.
     *
     * @param proves whether what is left to Java's serialization is read again, to see whether it can be
     * @param most bytes that it may take
     */
    Encoder(Types types, Serialization serialization, boolean proves, long most) {
        this.out = new Output(most);
        this.most = most;
        this.types = types;
        this.serialization = serialization;
        this.proves = proves;
    }

    byte[] toBytes() {
        return out.toBytes();
    }

    /**
     * Writes a value.
     *
     * @return whether nothing in it can be changed
     * @throws IllegalArgumentException if it cannot be stored; at once if it takes too much
     */
    boolean write(@Nullable Object value, int depth) {
        if (depth > Form.MOST_DEPTH) {
            throw new IllegalArgumentException(TOO_DEEP);
        }
        if (value == null) {
            out.one(Form.NULL);
        } else if (value instanceof String text) {
            writeText(text);
        } else if (value instanceof Boolean flag) {
            out.one(flag ? Form.TRUE : Form.FALSE);
        } else if (value instanceof Number number) {
            return writeNumber(number);
        } else if (value instanceof Character character) {
            out.one(Form.CHAR);
            out.fixed(character, 2);
        } else if (value instanceof UUID uuid) {
            out.one(Form.UUID);
            out.fixed(uuid.getMostSignificantBits(), 8);
            out.fixed(uuid.getLeastSignificantBits(), 8);
        } else if (value instanceof Enum<?> constant) {
            writeEnum(constant);
        } else if (value instanceof Record composed) {
            return writeRecord(composed, depth);
        } else if (value.getClass().getPackageName().equals("java.time")) {
            writeTime(value);
        } else {
            writeChangeable(value, depth);
            return false;
        }
        return true;
    }

    /** UTF-8 has no halves of characters, which a text may have all the same. */
    private void writeText(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c)) || new String(bytes, UTF_8).equals(text)) {
            out.one(Form.TEXT);
            out.sized(bytes);
            return;
        }
        out.one(Form.TEXT_16);
        out.unsigned(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.fixed(text.charAt(i), 2);
        }
    }

    private boolean writeNumber(Number number) {
        if (number instanceof Integer) {
            out.one(Form.INT);
            out.signed(number.intValue());
        } else if (number instanceof Long) {
            out.one(Form.LONG);
            out.signed(number.longValue());
        } else if (number instanceof Double) {
            out.one(Form.DOUBLE);
            out.fixed(Double.doubleToRawLongBits(number.doubleValue()), 8);
        } else if (number instanceof Float) {
            out.one(Form.FLOAT);
            out.fixed(Float.floatToRawIntBits(number.floatValue()), 4);
        } else if (number instanceof Short) {
            out.one(Form.SHORT);
            out.fixed(number.shortValue(), 2);
        } else if (number instanceof Byte) {
            out.one(Form.BYTE);
            out.one(number.byteValue());
        } else if (number.getClass() == BigInteger.class) {
            out.one(Form.BIG_INTEGER);
            out.sized(((BigInteger) number).toByteArray());
        } else if (number.getClass() == BigDecimal.class) {
            out.one(Form.BIG_DECIMAL);
            out.signed(((BigDecimal) number).scale());
            out.sized(((BigDecimal) number).unscaledValue().toByteArray());
        } else {
            writeSerialized(number);
            return false;
        }
        return true;
    }

    private void writeEnum(Enum<?> constant) {
        out.one(Form.ENUM);
        writeName(constant.getDeclaringClass().getName());
        writeName(constant.name());
    }

    private void writeName(String text) {
        if (out.comesNew(new Name(text))) {
            out.text(text);
        }
    }

    private boolean writeRecord(Record composed, int depth) {
        RecordShape shape = types.shape(composed.getClass());
        out.one(Form.RECORD);
        if (out.comesNew(composed.getClass())) {
            out.text(composed.getClass().getName());
            out.unsigned(shape.size());
            for (int i = 0; i < shape.size(); i++) {
                out.text(shape.name(i));
            }
        }
        boolean fixed = true;
        for (int i = 0; i < shape.size(); i++) {
            Object component = shape.component(composed, i);
            fixed &= write(component, depth + 1);
            Kind kind = fixed || component == null || serialization.isMeantFor(component.getClass())
                    ? null
                    : Kind.of(component);
            if (kind != null) {
                shape.requireThatItTakes(i, kind.type());
            }
        }
        return fixed;
    }

    private void writeTime(Object time) {
        if (time instanceof Instant instant) {
            out.one(Form.INSTANT);
            writeSeconds(instant.getEpochSecond(), instant.getNano());
        } else if (time instanceof Duration duration) {
            out.one(Form.DURATION);
            writeSeconds(duration.getSeconds(), duration.getNano());
        } else if (time instanceof LocalDate date) {
            out.one(Form.LOCAL_DATE);
            writeDate(date);
        } else if (time instanceof LocalTime ofDay) {
            out.one(Form.LOCAL_TIME);
            out.unsigned(ofDay.toNanoOfDay());
        } else if (time instanceof LocalDateTime dateTime) {
            out.one(Form.LOCAL_DATE_TIME);
            writeDateTime(dateTime);
        } else if (time instanceof OffsetDateTime dateTime) {
            out.one(Form.OFFSET_DATE_TIME);
            writeDateTime(dateTime.toLocalDateTime());
            out.signed(dateTime.getOffset().getTotalSeconds());
        } else if (time instanceof OffsetTime ofDay) {
            out.one(Form.OFFSET_TIME);
            out.unsigned(ofDay.toLocalTime().toNanoOfDay());
            out.signed(ofDay.getOffset().getTotalSeconds());
        } else if (time instanceof ZonedDateTime dateTime) {
            out.one(Form.ZONED_DATE_TIME);
            writeDateTime(dateTime.toLocalDateTime());
            out.signed(dateTime.getOffset().getTotalSeconds());
            out.text(dateTime.getZone().getId());
        } else if (time instanceof Period period) {
            out.one(Form.PERIOD);
            out.signed(period.getYears());
            out.signed(period.getMonths());
            out.signed(period.getDays());
        } else if (time instanceof Year year) {
            out.one(Form.YEAR);
            out.signed(year.getValue());
        } else if (time instanceof YearMonth month) {
            out.one(Form.YEAR_MONTH);
            out.signed(month.getYear());
            out.one(month.getMonthValue());
        } else if (time instanceof MonthDay day) {
            out.one(Form.MONTH_DAY);
            out.one(day.getMonthValue());
            out.one(day.getDayOfMonth());
        } else if (time instanceof ZoneId || time instanceof ZoneOffset) {
            out.one(Form.ZONE);
            out.text(((ZoneId) time).getId());
        } else {
            writeSerialized(time);
        }
    }

    private void writeSeconds(long seconds, int nanos) {
        out.signed(seconds);
        out.unsigned(nanos);
    }

    private void writeDate(LocalDate date) {
        out.signed(date.toEpochDay());
    }

    private void writeDateTime(LocalDateTime dateTime) {
        writeDate(dateTime.toLocalDate());
        out.unsigned(dateTime.toLocalTime().toNanoOfDay());
    }

    private void writeChangeable(Object value, int depth) {
        if (value instanceof byte[] bytes) {
            out.one(Form.BYTES);
            out.sized(bytes);
            return;
        }
        Kind kind = serialization.isMeantFor(value.getClass()) ? null : Kind.of(value);
        if (kind == null) {
            writeSerialized(value);
            return;
        }
        writeKind(kind, value);
        if (kind.isMap()) {
            writeMap((Map<?, ?>) value, depth);
        } else {
            writeAll((Collection<?>) value, depth);
        }
    }

    private void writeKind(Kind kind, Object value) {
        int order = kind.isSorted() ? Kind.order(value) : 0;
        int form = order == 0 ? Form.of(kind) : Form.KIND;
        out.one(form);
        if (form == Form.KIND) {
            out.unsigned(kind.number());
            if (kind.isSorted()) {
                out.one(order);
            } else if (kind.isOfAnEnum()) {
                writeName(Kind.enumOf(value).getName());
            }
        }
    }

    /** By a copy, for its number comes first, and must be right though somebody else may change it just now. */
    private void writeAll(Collection<?> several, int depth) {
        out.requireRoom(several.size()); // a byte each at least
        @Nullable Object[] all = several.toArray();
        out.unsigned(all.length);
        for (Object one : all) {
            write(one, depth + 1);
        }
    }

    private void writeMap(Map<?, ?> map, int depth) {
        out.requireRoom(2L * map.size());
        @Nullable Object[] pairs = new Object[map.size() * 2];
        int count = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (count == pairs.length) {
                pairs = Arrays.copyOf(pairs, count * 2 + 2);
            }
            pairs[count] = entry.getKey();
            pairs[count + 1] = entry.getValue();
            count += 2;
        }
        out.unsigned(count / 2);
        for (int i = 0; i < count; i++) {
            write(pairs[i], depth + 1);
        }
    }

    private void writeSerialized(Object value) {
        byte[] serialized = serialization.write(value, most);
        if (proves) {
            serialization.requireReadable(value.getClass(), serialized);
        }
        out.one(Form.SERIALIZED);
        out.sized(serialized);
    }
}
