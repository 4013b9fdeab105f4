package dev.holdfast.runtime.redis;

/**
 * The hash slots of Redis Cluster: CRC16 (XMODEM) of the key, or of what stands between its first brace and the next closing one, modulo
 * 16,384.
 */
final class Slots {

    static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;

    private Slots() {}

    /** From 0 to {@link #COUNT} - 1. */
    static int of(byte[] key) {
        int from = 0;
        int to = key.length;
        int open = find(key, '{', 0);
        int close = open < 0 ? -1 : find(key, '}', open + 1);
        if (close > open + 1) {
            from = open + 1;
            to = close;
        }
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc ^= (key[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
        }
        return (crc & 0xffff) % COUNT;
    }

    private static int find(byte[] key, char wanted, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
