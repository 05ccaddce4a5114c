<?php

declare(strict_types=1);

namespace Symfony\Component\DependencyInjection\Loader\Configurator;

use Understudy\SymfonyBundle\Twig\UnderstudyExtension;
use Understudy\SymfonyBundle\Twig\UnderstudyRuntime;

return static function (ContainerConfigurator $container): void {
    $services = $container->services();
    $services->set('understudy.twig.extension', UnderstudyExtension::class)->tag('twig.extension');
    $services->set('understudy.twig.runtime', UnderstudyRuntime::class)
        ->arg('$clients', service('understudy.clients'))
        ->arg('$logger', service('logger')->nullOnInvalid())
        ->tag('monolog.logger', ['channel' => 'understudy'])
        ->tag('twig.runtime');
};
