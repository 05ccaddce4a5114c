<?php

declare(strict_types=1);

namespace Symfony\Component\DependencyInjection\Loader\Configurator;

use Understudy\SymfonyBundle\Validator\ModeratedValidator;

return static function (ContainerConfigurator $container): void {
    $container->services()->set('understudy.validator.moderated', ModeratedValidator::class)
        ->arg('$clients', service('understudy.clients'))
        ->arg('$logger', service('logger')->nullOnInvalid())
        ->tag('monolog.logger', ['channel' => 'understudy'])
        ->tag('validator.constraint_validator', ['alias' => ModeratedValidator::class]);
};
