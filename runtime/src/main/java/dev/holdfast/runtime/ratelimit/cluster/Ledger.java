package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.runtime.redis.RedisUnavailableException;

/** The account of one limit, for one value of its key, that all nodes share. Thread-safe. */
interface Ledger {

    /**
     * Asks for permits, in one round trip. If that is not answered, they may have been granted all the same, and are lost then.
     *
     * @throws RedisUnavailableException if there is no answer
     */
    Grant ask(Terms terms, Ask ask) throws RedisUnavailableException;

    /** Whether it is worth asking, as far as is known. */
    boolean isAvailable();
}
