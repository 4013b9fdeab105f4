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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads one value. Not thread-safe. */
final class Decoder {

    private final Input in;
    private final Types types;
    private final Serialization serialization;
    private boolean fixed = true;
    private boolean serialized;

    /** A type of record as it was when it was written. */
    private record Written(String type, List<String> names) {}

    Decoder(byte[] bytes, Types types, Serialization serialization) {
        this.in = new Input(bytes);
        this.types = types;
        this.serialization = serialization;
    }

    /** Whether nothing can be changed in what was read. */
    boolean isFixed() {
        return fixed;
    }

    /** Whether something in it was left to Java's serialization. */
    boolean isSerialized() {
        return serialized;
    }

    void requireEnd() throws UnreadableException {
        in.requireEnd();
    }

    @Nullable
    Object read(int depth) throws UnreadableException {
        if (depth > Form.MOST_DEPTH) {
            throw new UnreadableException("it is nested deeper than " + Form.MOST_DEPTH, null);
        }
        int form = in.one();
        return switch (form) {
            case Form.NULL -> null;
            case Form.TRUE -> true;
            case Form.FALSE -> false;
            case Form.BYTE -> (byte) in.one();
            case Form.SHORT -> (short) in.fixed(2);
            case Form.CHAR -> (char) in.fixed(2);
            case Form.INT -> in.signedInt();
            case Form.LONG -> in.signed();
            case Form.FLOAT -> Float.intBitsToFloat((int) in.fixed(4));
            case Form.DOUBLE -> Double.longBitsToDouble(in.fixed(8));
            case Form.TEXT -> new String(in.sized(), UTF_8);
            case Form.TEXT_16 -> text16();
            case Form.UUID -> new UUID(in.fixed(8), in.fixed(8));
            case Form.BIG_INTEGER -> new BigInteger(in.sized());
            case Form.BIG_DECIMAL -> bigDecimal();
            case Form.ENUM -> constant();
            case Form.RECORD -> composed(depth);
            default -> form >= Form.INSTANT && form <= Form.ZONE ? time(form) : changeable(form, depth);
        };
    }

    private String text16() throws UnreadableException {
        char[] characters = new char[in.count()];
        for (int i = 0; i < characters.length; i++) {
            characters[i] = (char) in.fixed(2);
        }
        return new String(characters);
    }

    private BigDecimal bigDecimal() throws UnreadableException {
        int scale = in.signedInt();
        return new BigDecimal(new BigInteger(in.sized()), scale);
    }

    private Object constant() throws UnreadableException {
        Class<?> type = types.find(name(), true);
        String name = name();
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new UnreadableException(type.getName() + " has no constant " + name, null);
    }

    private String name() throws UnreadableException {
        Object before = in.before();
        if (before == null) {
            String name = in.text();
            in.know(name);
            return name;
        }
        if (before instanceof String name) {
            return name;
        }
        throw new UnreadableException("it has a record in place of a name", null);
    }

    private Object composed(int depth) throws UnreadableException {
        Written written = written();
        Class<?> type = types.find(written.type(), false);
        RecordShape shape = types.shape(type);
        @Nullable Object[] components = new Object[shape.size()];
        for (String name : written.names()) {
            boolean outer = fixed;
            Object value = read(depth + 1);
            int index = shape.indexOf(name);
            if (index < 0) {
                fixed = outer; // what is not taken up cannot be changed either
            } else {
                components[index] = value;
            }
        }
        return shape.make(components);
    }

    private Written written() throws UnreadableException {
        Object before = in.before();
        if (before instanceof Written written) {
            return written;
        }
        if (before != null) {
            throw new UnreadableException("it has a name in place of a record", null);
        }
        String type = in.text();
        List<String> names = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            names.add(in.text());
        }
        Written written = new Written(type, names);
        in.know(written);
        return written;
    }

    private Object time(int form) throws UnreadableException {
        return switch (form) {
            case Form.INSTANT -> Instant.ofEpochSecond(in.signed(), in.unsigned());
            case Form.DURATION -> Duration.ofSeconds(in.signed(), in.unsigned());
            case Form.LOCAL_DATE -> date();
            case Form.LOCAL_TIME -> ofDay();
            case Form.LOCAL_DATE_TIME -> dateTime();
            case Form.OFFSET_DATE_TIME -> OffsetDateTime.of(dateTime(), offset());
            case Form.OFFSET_TIME -> OffsetTime.of(ofDay(), offset());
            case Form.ZONED_DATE_TIME -> zoned();
            case Form.PERIOD -> Period.of(in.signedInt(), in.signedInt(), in.signedInt());
            case Form.YEAR -> Year.of(in.signedInt());
            case Form.YEAR_MONTH -> YearMonth.of(in.signedInt(), in.one());
            case Form.MONTH_DAY -> MonthDay.of(in.one(), in.one());
            default -> ZoneId.of(in.text());
        };
    }

    private ZonedDateTime zoned() throws UnreadableException {
        LocalDateTime dateTime = dateTime();
        ZoneOffset offset = offset();
        return ZonedDateTime.ofLocal(dateTime, ZoneId.of(in.text()), offset);
    }

    private LocalDate date() throws UnreadableException {
        return LocalDate.ofEpochDay(in.signed());
    }

    private LocalTime ofDay() throws UnreadableException {
        return LocalTime.ofNanoOfDay(in.unsigned());
    }

    private LocalDateTime dateTime() throws UnreadableException {
        return LocalDateTime.of(date(), ofDay());
    }

    private ZoneOffset offset() throws UnreadableException {
        return ZoneOffset.ofTotalSeconds(in.signedInt());
    }

    private Object changeable(int form, int depth) throws UnreadableException {
        fixed = false;
        return switch (form) {
            case Form.BYTES -> in.sized();
            case Form.LIST -> addAll(new ArrayList<>(), depth);
            case Form.SET -> addAll(new LinkedHashSet<>(), depth);
            case Form.SORTED_SET -> addAll(new TreeSet<>(), depth);
            case Form.MAP -> putAll(new LinkedHashMap<>(), depth);
            case Form.SORTED_MAP -> putAll(new TreeMap<>(), depth);
            case Form.KIND -> ofKind(depth);
            case Form.SERIALIZED -> serialized();
            default -> throw new UnreadableException("it is of the unknown form " + form, null);
        };
    }

    private Object serialized() throws UnreadableException {
        serialized = true;
        return serialization.read(in.sized());
    }

    @SuppressWarnings("unchecked") // what is in it, whoever uses it finds out
    private Object ofKind(int depth) throws UnreadableException {
        long number = in.unsigned();
        Kind kind = number == (int) number ? Kind.numbered((int) number) : null;
        if (kind == null) {
            throw new UnreadableException("it has a collection of the unknown kind " + number, null);
        }
        Object made =
                kind.isOfAnEnum() ? kind.make(types.find(name(), true)) : kind.make(kind.isSorted() ? in.one() : 0);
        return kind.isMap()
                ? putAll((Map<@Nullable Object, @Nullable Object>) made, depth)
                : addAll((Collection<@Nullable Object>) made, depth);
    }

    private Collection<@Nullable Object> addAll(Collection<@Nullable Object> to, int depth) throws UnreadableException {
        for (int i = in.count(); i > 0; i--) {
            to.add(read(depth + 1));
        }
        return to;
    }

    private Map<@Nullable Object, @Nullable Object> putAll(Map<@Nullable Object, @Nullable Object> to, int depth)
            throws UnreadableException {
        for (int i = in.count(); i > 0; i--) {
            to.put(read(depth + 1), read(depth + 1));
        }
        return to;
    }
}
