export { available, type Component, unlessAvailable } from './available.ts';
export { brokerFolder, componentsFolder, freePorts, removeBrokerFolder } from './broker-folder.ts';
export { BrokerProcess, type Command } from './broker-process.ts';
export { type ElasticMq, startElasticMq } from './elasticmq.ts';
export { Kafka, type KafkaOptions, startKafka } from './kafka.ts';
export { type Link, startLink } from './link.ts';
export { type RabbitBroker, startRabbit } from './rabbitmq.ts';
