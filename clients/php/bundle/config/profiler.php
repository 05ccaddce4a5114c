<?php

declare(strict_types=1);

namespace Symfony\Component\DependencyInjection\Loader\Configurator;

use Understudy\SymfonyBundle\Profiler\CallLog;
use Understudy\SymfonyBundle\Profiler\UnderstudyDataCollector;

return static function (ContainerConfigurator $container): void {
    $services = $container->services();
    $services->set('understudy.profiler.call_log', CallLog::class)
        ->tag('understudy.observer')
        ->tag('kernel.reset', ['method' => 'reset']);
    $services->set('understudy.profiler.data_collector', UnderstudyDataCollector::class)
        ->arg('$log', service('understudy.profiler.call_log'))
        ->arg('$clients', service('understudy.clients'))
        ->tag('data_collector', ['id' => 'understudy', 'template' => '@Understudy/collector/understudy.html.twig', 'priority' => 240]);
};
