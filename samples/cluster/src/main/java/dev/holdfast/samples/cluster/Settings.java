package dev.holdfast.samples.cluster;

import java.nio.file.Path;

/**
 * What the stage is to be like.
 *
 * @param agent the jar of the agent; empty to do without
 * @param work the folder for all that the processes write
 * @param balance how Nginx chooses a node
 * @param redis which Redis there is
 * @param rabbitMq the script that starts RabbitMQ; empty for the stand-in
 * @param servlet whether the shop runs in Tomcat, else on the server of the JDK
 * @param slowNode whether the last node takes longer than the others
 * @param port of Nginx; 0 for any
 */
record Settings(
        String agent,
        Path work,
        Nginx.Balance balance,
        Redis.Kind redis,
        String rabbitMq,
        boolean servlet,
        boolean slowNode,
        int port) {

    static final int NODES = 3;

    private static final int LAG_MILLIS = 60;

    int lagMillis(int node) {
        return slowNode && node == NODES - 1 ? LAG_MILLIS : 0;
    }
}
