package dev.holdfast.runtime.session.codec;

/** The byte that every value begins with. What is given out stays given out: sessions outlive releases. */
final class Form {

    static final int NULL = 0;
    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int BYTE = 3;
    static final int SHORT = 4;
    static final int CHAR = 5;
    static final int INT = 6;
    static final int LONG = 7;
    static final int FLOAT = 8;
    static final int DOUBLE = 9;

    /** In UTF-8. */
    static final int TEXT = 10;

    /** In two bytes a character, as it has halves of characters in it. */
    static final int TEXT_16 = 11;

    static final int BYTES = 12;
    static final int UUID = 13;
    static final int BIG_INTEGER = 14;
    static final int BIG_DECIMAL = 15;

    static final int INSTANT = 20;
    static final int LOCAL_DATE = 21;
    static final int LOCAL_TIME = 22;
    static final int LOCAL_DATE_TIME = 23;
    static final int OFFSET_DATE_TIME = 24;
    static final int OFFSET_TIME = 25;
    static final int ZONED_DATE_TIME = 26;
    static final int DURATION = 27;
    static final int PERIOD = 28;
    static final int YEAR = 29;
    static final int YEAR_MONTH = 30;
    static final int MONTH_DAY = 31;
    static final int ZONE = 32;

    static final int LIST = 40;
    static final int SET = 41;
    static final int MAP = 42;

    /** In natural order. */
    static final int SORTED_SET = 43;

    /** In natural order. */
    static final int SORTED_MAP = 44;

    /** Followed by the number of the kind; then, of what is sorted, by that of its order, and of what is of an enum, by its name. */
    static final int KIND = 45;

    static final int ENUM = 50;
    static final int RECORD = 51;

    /** As Java serializes it. */
    static final int SERIALIZED = 60;

    /** How deep values may lie in each other. What lies deeper contains itself, or comes from somebody who wishes the stack to end. */
    static final int MOST_DEPTH = 64;

    private Form() {}

    /** That of a collection or map in its natural order. */
    static int of(Kind kind) {
        return switch (kind) {
            case LIST -> LIST;
            case SET -> SET;
            case SORTED_SET -> SORTED_SET;
            case MAP -> MAP;
            case SORTED_MAP -> SORTED_MAP;
            default -> KIND;
        };
    }
}
