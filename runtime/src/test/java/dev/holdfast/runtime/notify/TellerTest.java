package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TellerTest {

    @Test
    void tells_threads_without_a_name_apart() {
        assertThat(Teller.threadName(new Thread("worker"))).isEqualTo("worker");
        Thread unnamed = new Thread("");
        assertThat(Teller.threadName(unnamed)).isEqualTo("thread-" + unnamed.getId());
        Thread virtual = new Thread(new ThreadGroup("VirtualThreads"), "");
        assertThat(Teller.threadName(virtual)).isEqualTo("virtual-" + virtual.getId());
    }
}
