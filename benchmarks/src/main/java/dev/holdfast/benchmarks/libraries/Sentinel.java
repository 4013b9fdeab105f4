package dev.holdfast.benchmarks.libraries;

import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.Tracer;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRuleManager;
import com.alibaba.csp.sentinel.slots.block.flow.FlowRule;
import com.alibaba.csp.sentinel.slots.block.flow.FlowRuleManager;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Alibaba Sentinel with a degrade or a flow rule. The window is a second, not a number of calls, and it keeps statistics besides. */
public final class Sentinel implements Guards {

    private static final AtomicInteger GUARDS = new AtomicInteger();

    @Override
    public Guard breaking(Upstream upstream) {
        // What it knows of a resource is kept for the life of the JVM, by name.
        String resource = "quote " + GUARDS.incrementAndGet();
        DegradeRuleManager.setRulesForResource(
                resource,
                Set.of(new DegradeRule(resource)
                        .setGrade(RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO)
                        .setCount(0.5)
                        .setMinRequestAmount(20)
                        .setStatIntervalMs(1000)
                        .setTimeWindow(10)));
        return id -> {
            Entry entry;
            try {
                entry = SphU.entry(resource);
            } catch (BlockException open) {
                throw new IllegalStateException("the breaker is open", open);
            }
            try {
                return upstream.ask(id);
            } catch (RuntimeException failure) {
                Tracer.traceEntry(failure, entry);
                throw failure;
            } finally {
                entry.exit();
            }
        };
    }

    @Override
    public Guard limiting(Upstream upstream, int permits) {
        String resource = "quote " + GUARDS.incrementAndGet();
        FlowRuleManager.loadRules(List.of(
                new FlowRule(resource).setGrade(RuleConstant.FLOW_GRADE_QPS).setCount(permits)));
        return id -> {
            Entry entry;
            try {
                entry = SphU.entry(resource);
            } catch (BlockException refused) {
                throw new IllegalStateException("too many calls", refused);
            }
            try {
                return upstream.ask(id);
            } finally {
                entry.exit();
            }
        };
    }
}
