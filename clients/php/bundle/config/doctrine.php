<?php

declare(strict_types=1);

namespace Symfony\Component\DependencyInjection\Loader\Configurator;

use Understudy\SymfonyBundle\Doctrine\DecideListener;

return static function (ContainerConfigurator $container): void {
    $listener = $container->services()->set('understudy.doctrine.listener', DecideListener::class)
        ->arg('$bus', service('messenger.default_bus'))
        ->arg('$logger', service('logger')->nullOnInvalid())
        ->tag('monolog.logger', ['channel' => 'understudy'])
        ->tag('kernel.reset', ['method' => 'reset']);
    foreach (['postPersist', 'postUpdate', 'postFlush', 'onClear'] as $event) {
        $listener->tag('doctrine.event_listener', ['event' => $event]);
    }
};
