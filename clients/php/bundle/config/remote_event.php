<?php

declare(strict_types=1);

namespace Symfony\Component\DependencyInjection\Loader\Configurator;

use Understudy\SymfonyBundle\Webhook\UnderstudyRequestParser;

return static function (ContainerConfigurator $container): void {
    $services = $container->services();
    $services->set('understudy.webhook.request_parser', UnderstudyRequestParser::class)
        ->arg('$tolerance', '%understudy.webhook.tolerance%');
    $services->alias(UnderstudyRequestParser::class, 'understudy.webhook.request_parser');
};
