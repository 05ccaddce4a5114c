<?php

declare(strict_types=1);

namespace Symfony\Component\DependencyInjection\Loader\Configurator;

use Symfony\Component\Messenger\Event\SendMessageToTransportsEvent;
use Understudy\SymfonyBundle\Messenger\BatchHandler;
use Understudy\SymfonyBundle\Messenger\DecideMessage;
use Understudy\SymfonyBundle\Messenger\SourceSerializer;
use Understudy\SymfonyBundle\Messenger\StampSourceMessage;

return static function (ContainerConfigurator $container): void {
    $services = $container->services();
    $services->set('understudy.messenger.handler', BatchHandler::class)
        ->arg('$clients', service('understudy.clients'))
        ->arg('$results', service('understudy.results'))
        ->arg('$batchSize', '%understudy.messenger.batch_size%')
        ->arg('$logger', service('logger')->nullOnInvalid())
        ->tag('monolog.logger', ['channel' => 'understudy'])
        ->tag('messenger.message_handler', ['handles' => DecideMessage::class]);
    $services->set('understudy.messenger.source_serializer', SourceSerializer::class);
    $services->set('understudy.messenger.stamp_source_message', StampSourceMessage::class)
        ->tag('kernel.event_listener', ['event' => SendMessageToTransportsEvent::class, 'method' => 'onSend']);
};
